/** The notebooks of static/notebook/examples; the first is what a new reader sees. */
export const EXAMPLES = [
  { id: "first-steps", title: "First steps" },
  { id: "newest-signals", title: "Newest signals" },
  { id: "price-and-signals", title: "A price with its signals" },
  { id: "how-right", title: "How right were the signals?" },
];
