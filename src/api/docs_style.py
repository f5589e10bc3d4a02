"""The stylesheet of the documentation page. Colours are the dashboard's."""

CSS = """:root {
  color-scheme: light dark;
  --page: #f6f7f9; --surface: #fff; --code: #eef1f5; --line: #dfe3ea;
  --text: #161b24; --quiet: #515b6b; --accent: #2d57cf;
  --get: #0a7449; --post: #2d57cf; --change: #855700; --delete: #bd2637;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0c0f14; --surface: #12161d; --code: #191e27; --line: #262d3a;
    --text: #e8ebf0; --quiet: #a0a9b8; --accent: #8fb0ff;
    --get: #45c08f; --post: #8fb0ff; --change: #e2b35a; --delete: #f2727c;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 80px; }
body {
  margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button, input { font: inherit; color: inherit; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; z-index: 2; background: var(--surface); padding: 8px; }
header {
  position: sticky; top: 0; z-index: 1; display: flex; gap: 8px 16px; align-items: center;
  min-height: 57px; padding: 8px 24px; background: var(--surface);
  border-bottom: 1px solid var(--line);
}
.version, .raw, .found { font-size: 14px; }
.version, .found { color: var(--quiet); margin: 0; }
.raw { margin-left: auto; }
.name { color: inherit; font-weight: 650; text-decoration: none; }
.search { position: relative; flex: 0 1 420px; margin-left: 24px; }
.search label {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
.search input {
  width: 100%; height: 40px; padding: 0 40px 0 12px; background: var(--page);
  border: 1px solid var(--line); border-radius: 8px;
}
.search input::placeholder { color: var(--quiet); opacity: 1; }
.search kbd {
  position: absolute; right: 10px; top: 9px; padding: 0 7px; pointer-events: none;
  border: 1px solid var(--line); border-radius: 4px; color: var(--quiet); font-size: 13px;
}
.search input:focus + kbd { display: none; }
.all, .copy {
  background: var(--surface); border: 1px solid var(--line); border-radius: 6px; font-size: 14px;
  padding: 4px 12px; cursor: pointer; color: var(--quiet); white-space: nowrap;
}
.all:hover, .copy:hover { color: var(--text); border-color: var(--quiet); }
.frame {
  display: grid; grid-template-columns: 280px minmax(0, 1fr); max-width: 1480px; margin: 0 auto;
}
.side {
  position: sticky; top: 57px; height: calc(100vh - 57px); overflow-y: auto; padding: 16px 24px;
  border-right: 1px solid var(--line);
}
nav { font-size: 14px; line-height: 1.4; }
nav p { margin: 16px 0 4px; font-weight: 650; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { padding: 3px 0; }
nav li a { display: block; }
nav a { color: var(--quiet); text-decoration: none; }
nav p a { color: inherit; }
nav a:hover { color: var(--text); text-decoration: underline; }
nav a[aria-current] { color: var(--text); font-weight: 600; }
.menu { display: none; }
main { padding: 24px 40px 96px; min-width: 0; min-height: 100vh; }
.alone { max-width: 720px; margin: 0 auto; }
h1 { font-size: 32px; line-height: 1.2; margin: 16px 0 8px; letter-spacing: -0.01em; }
h2 { font-size: 24px; line-height: 1.3; margin: 48px 0 8px; }
h3 { font-size: 15px; margin: 0; display: flex; gap: 10px; align-items: baseline; min-width: 0; }
h3 code { background: none; padding: 0; font-size: 15px; font-weight: 600; min-width: 0; }
h4 { font-size: 14px; margin: 16px 0 4px; }
h4 small { display: inline; font-weight: 400; margin-left: 6px; }
.lead { font-size: 18px; color: var(--quiet); max-width: 72ch; margin: 0; }
.guide > p, .guide > ul, .resource > p { max-width: 76ch; }
.guide li { margin: 4px 0; }
.resource > p { margin: 4px 0 12px; color: var(--quiet); }
.operation {
  margin: 8px 0; background: var(--surface); border: 1px solid var(--line); border-radius: 8px;
}
.operation > summary {
  display: grid; grid-template-columns: minmax(0, 11fr) minmax(0, 10fr) 12px; gap: 2px 20px;
  align-items: center; padding: 10px 20px; font-size: 15px; line-height: 1.45; list-style: none;
  border-radius: 8px;
}
.operation > summary::-webkit-details-marker { display: none; }
.operation > summary::after {
  content: ""; width: 7px; height: 7px; border: solid var(--quiet); border-width: 0 2px 2px 0;
  transform: rotate(45deg) translate(-2px, -2px);
}
.operation[open] > summary::after { transform: rotate(225deg) translate(-2px, -2px); }
.operation > summary:hover { background: var(--code); }
.operation > summary > span { color: var(--quiet); }
.operation[open] { border-color: var(--quiet); margin: 16px 0; }
.operation[open] > summary { border-bottom: 1px solid var(--line); border-radius: 8px 8px 0 0; }
.inside { padding: 12px 20px 16px; scroll-margin-top: 150px; }
.inside p { margin: 8px 0; }
tr:target td { background: var(--code); }
.problems { font-size: 14px; color: var(--quiet); }
.anchor { font-size: 13px; color: var(--quiet); text-decoration: none; }
.anchor:hover { text-decoration: underline; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 8px 32px; }
.method { flex: none; font: 700 12px/1 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
h3 .method { width: 42px; }
.paid {
  flex: none; padding: 1px 8px; border: 1px solid var(--change); border-radius: 10px;
  color: var(--change); font-size: 12px; font-weight: 600; white-space: nowrap;
}
.get { color: var(--get); }
.post { color: var(--post); }
.put, .patch { color: var(--change); }
.delete { color: var(--delete); }
code, pre { font: 13.5px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
code { background: var(--code); padding: 1px 5px; border-radius: 4px; }
pre {
  margin: 8px 0; padding: 12px 16px; background: var(--code); border-radius: 6px;
  overflow: auto; max-height: 480px;
}
.inside pre { max-height: 400px; }
pre code { background: none; padding: 0; }
.copied { position: relative; }
.copied pre { padding-right: 76px; }
.copy { position: absolute; right: 8px; top: 8px; padding: 1px 8px; font-size: 13px; }
summary { cursor: pointer; font-size: 14px; padding: 4px 0; }
.wide { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td {
  text-align: left; vertical-align: top; padding: 7px 16px 7px 0;
  border-bottom: 1px solid var(--line);
}
th { color: var(--quiet); font-weight: 600; }
td:first-child { white-space: nowrap; }
.fields th { width: 34%; color: inherit; font-weight: 400; }
small { display: block; color: var(--quiet); font-size: 13px; }
@media (max-width: 1180px) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  .version { display: none; }
  .search { margin-left: 0; }
}
@media (max-width: 820px) {
  header { padding: 8px 16px; flex-wrap: wrap; }
  .search { flex: 1 1 100%; order: 3; }
  .search kbd { display: none; }
  .search input { padding-right: 12px; }
  .all { display: none; }
  .found { order: 2; }
  html { scroll-padding-top: 120px; }
  .frame { display: block; }
  .side { display: none; }
  .menu { display: block; padding: 8px 16px; border-bottom: 1px solid var(--line); }
  .menu summary { font-size: 16px; }
  .menu li a { padding: 5px 0; }
  main { padding: 8px 16px 64px; }
  .operation { margin: 8px -8px; }
  .operation[open] { margin: 12px -8px; }
  .operation > summary { grid-template-columns: minmax(0, 1fr) 12px; padding: 10px 12px; }
  .operation > summary > span { grid-column: 1; }
  .operation > summary::after { grid-column: 2; grid-row: 1; }
  .inside { padding: 8px 12px 12px; }
  h1 { font-size: 26px; }
  h2 { margin-top: 40px; }
}
@media print {
  .side, .menu, header, .copy { display: none; }
  .frame, .columns { display: block; }
  pre { max-height: none; white-space: pre-wrap; }
}
"""
