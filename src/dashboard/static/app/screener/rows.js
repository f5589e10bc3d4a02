/** @import { Column } from "./columns.js" */
/** @import { Market } from "./model.js" */
import { h, setText } from "../dom.js";
import { assetBadge, setBadge } from "../parts/asset-badge.js";

export const ROW_HEIGHT = 44; // as in market.css
const BEYOND = 4; // rows kept ready on either side of what is in sight
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** @typedef {{element: HTMLElement, link: HTMLAnchorElement, place: number, asset: string, price: number}} Row */

/**
 * The rows in sight. There are as many elements as fit, plus a few; row n of the list is always
 * shown by element n modulo their number, so scrolling by one row changes one element.
 */
export class Rows {
  /** @type {Row[]} */
  #rows = [];
  /** @type {Column[]} */
  #columns = [];
  #ranked = true;
  /** @type {Market | null} */
  #market = null;
  #order = new Int32Array(0);
  /** @type {HTMLElement | null} */
  #body = null;
  /** Which row of the list has the place of the Tab key. */
  #active = 0;
  #first = 0;
  #last = -1;

  /**
   * @param {Column[]} columns
   * @param {boolean} ranked whether the rank has a column
   * @param {HTMLElement} body
   */
  make(columns, ranked, body) {
    this.#columns = columns;
    this.#ranked = ranked;
    this.#body = body;
    this.#rows = [];
    body.replaceChildren();
  }

  /**
   * @param {Market} market
   * @param {Int32Array} order the rows to show
   */
  take(market, order) {
    this.#market = market;
    this.#order = order;
    this.#active = Math.min(this.#active, Math.max(0, order.length - 1));
    if (this.#body) this.#body.style.height = `${order.length * ROW_HEIGHT}px`;
    for (const row of this.#rows) {
      row.place = -1;
      row.element.hidden = true;
    }
  }

  /**
   * @param {number} top px scrolled
   * @param {number} height px in sight
   */
  show(top, height) {
    const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - BEYOND);
    const last = Math.min(this.#order.length - 1, Math.ceil((top + height) / ROW_HEIGHT) + BEYOND);
    const needed = Math.min(this.#order.length, Math.ceil(height / ROW_HEIGHT) + 2 * BEYOND + 2);
    if (this.#rows.length < needed) this.#grow(needed);
    for (let place = first; place <= last; place += 1) {
      const row = this.#rows[place % this.#rows.length];
      if (row.place !== place) this.#put(row, place);
    }
    [this.#first, this.#last] = [first, last];
  }

  /** Writes anew what is in sight. */
  renew() {
    for (const row of this.#rows) {
      if (row.place >= this.#first && row.place <= this.#last) this.#write(row);
    }
  }

  /** @param {number} needed */
  #grow(needed) {
    while (this.#rows.length < needed) {
      const row = this.#create();
      this.#rows.push(row);
      this.#body?.append(row.element);
    }
    for (const row of this.#rows) row.place = -1; // another number shares them out anew
  }

  /** @returns {Row} */
  #create() {
    const link = /** @type {HTMLAnchorElement} */ (
      h(
        "a",
        { class: "screener-link", tabindex: "-1" },
        assetBadge("?"),
        h("span", { class: "screener-label" }, h("span", { class: "screener-name" }), h("span", { class: "screener-symbol" })),
      )
    );
    const element = h(
      "div",
      { class: "screener-row", role: "row", hidden: true },
      this.#ranked && h("div", { class: "screener-cell screener-rank", role: "gridcell" }),
      h("div", { class: "screener-cell screener-first", role: "rowheader" }, link),
      this.#columns.map((column) => {
        const cell = h("div", { class: "screener-cell", role: "gridcell", data: { key: column.key } });
        column.create(cell);
        return cell;
      }),
    );
    return { element, link, place: -1, asset: "", price: NaN };
  }

  /**
   * @param {Row} row
   * @param {number} place
   */
  #put(row, place) {
    if (row.place < 0) row.element.hidden = false;
    row.place = place;
    row.element.style.transform = `translateY(${place * ROW_HEIGHT}px)`;
    row.element.setAttribute("aria-rowindex", String(place + 2));
    row.link.tabIndex = place === this.#active ? 0 : -1;
    this.#write(row);
  }

  /** @param {Row} row */
  #write(row) {
    const market = this.#market;
    if (!market) return;
    const number = this.#order[row.place];
    const cells = row.element.children;
    const before = this.#ranked ? 2 : 1;
    const same = row.asset === market.asset_id[number];
    if (!same) this.#name(row, market, number);
    if (this.#ranked) setText(cells[0], String(number + 1));
    this.#columns.forEach((column, index) => {
      column.update(/** @type {HTMLElement} */ (cells[before + index]), market, number);
    });
    const price = market.numbers.price[number];
    if (same && price !== row.price) flash(row.element, price > row.price ? "up" : "down");
    else if (!same) delete row.element.dataset.flash;
    row.price = price;
  }

  /**
   * @param {Row} row
   * @param {Market} market
   * @param {number} number
   */
  #name(row, market, number) {
    const { asset_id, name, symbol } = market;
    row.asset = asset_id[number];
    row.element.dataset.asset = row.asset;
    row.link.href = `/asset/${encodeURIComponent(row.asset)}`;
    setBadge(/** @type {HTMLElement} */ (row.link.firstElementChild), symbol[number]);
    const [first, second] = /** @type {HTMLElement} */ (row.link.lastElementChild).children;
    setText(first, name[number]);
    setText(second, symbol[number]);
  }

  /**
   * Arrows, page keys, Home and End go through the list; Enter follows the row's link.
   *
   * @param {KeyboardEvent} event
   * @param {HTMLElement} scroller
   */
  move(event, scroller) {
    if (!(/** @type {Element} */ (event.target).closest(".screener-link"))) return;
    const page = Math.max(1, Math.floor(scroller.clientHeight / ROW_HEIGHT) - 2);
    const most = this.#order.length - 1;
    const to = /** @type {Record<string, number>} */ ({
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: most,
    })[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#active = Math.min(most, Math.max(0, to));
    const top = this.#active * ROW_HEIGHT;
    const room = scroller.clientHeight - 2 * ROW_HEIGHT; // below the head
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
    this.show(scroller.scrollTop, scroller.clientHeight);
    this.#mark()?.focus({ preventScroll: true });
  }

  /** @param {FocusEvent} event a row was chosen by the pointer */
  focused({ target }) {
    const row = this.#rows.find(({ link }) => link === target);
    if (!row || row.place === this.#active) return;
    this.#active = row.place;
    this.#mark();
  }

  /** Gives the active row the place of the Tab key, and no other. */
  #mark() {
    for (const row of this.#rows) row.link.tabIndex = row.place === this.#active ? 0 : -1;
    return this.#rows.find(({ place }) => place === this.#active)?.link;
  }
}

/**
 * @param {HTMLElement} element
 * @param {"up" | "down"} direction
 */
function flash(element, direction) {
  if (reducedMotion.matches) return;
  delete element.dataset.flash;
  void element.offsetWidth; // or the animation would not begin anew
  element.dataset.flash = direction;
}
