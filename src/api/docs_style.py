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
html { scroll-padding-top: 72px; }
body {
  margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; z-index: 2; background: var(--surface); padding: 8px; }
header {
  position: sticky; top: 0; z-index: 1; display: flex; gap: 16px; align-items: baseline;
  padding: 12px 24px; background: var(--surface); border-bottom: 1px solid var(--line);
}
header span { color: var(--quiet); font-size: 14px; margin-right: auto; }
.name { color: inherit; font-weight: 650; text-decoration: none; }
.frame {
  display: grid; grid-template-columns: 272px minmax(0, 1fr); max-width: 1480px; margin: 0 auto;
}
.side {
  position: sticky; top: 52px; height: calc(100vh - 52px); overflow-y: auto; padding: 16px 24px;
  border-right: 1px solid var(--line);
}
nav { font-size: 14px; line-height: 1.4; }
nav p { margin: 16px 0 4px; font-weight: 650; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { padding: 3px 0; }
nav a { color: var(--quiet); text-decoration: none; }
nav p a { color: inherit; }
nav a:hover { color: var(--text); text-decoration: underline; }
.menu { display: none; }
main { padding: 24px 40px 96px; min-width: 0; }
.alone { max-width: 720px; margin: 0 auto; }
h1 { font-size: 32px; line-height: 1.2; margin: 16px 0 8px; letter-spacing: -0.01em; }
h2 { font-size: 24px; line-height: 1.3; margin: 56px 0 8px; }
h3 { font-size: 16px; margin: 0; display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; }
h3 code { background: none; padding: 0; font-size: 16px; font-weight: 600; min-width: 0; }
h4 { font-size: 14px; margin: 16px 0 4px; }
.lead { font-size: 18px; color: var(--quiet); max-width: 72ch; margin: 0; }
.guide > p, .guide > ul { max-width: 76ch; }
.guide li { margin: 4px 0; }
article {
  margin: 24px 0; padding: 20px 24px; background: var(--surface);
  border: 1px solid var(--line); border-radius: 8px;
}
article:target { border-color: var(--accent); }
tr:target td { background: var(--code); }
article p { margin: 8px 0; }
.summary { font-size: 17px; }
.problems { font-size: 14px; color: var(--quiet); }
.anchor { color: var(--quiet); text-decoration: none; margin-left: auto; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 8px 32px; }
.method { font: 700 12px/1 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
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
details pre { max-height: 360px; }
pre code { background: none; padding: 0; }
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
@media (max-width: 1100px) {
  .columns { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 820px) {
  header { padding: 12px 16px; }
  .frame { display: block; }
  .side { display: none; }
  .menu { display: block; padding: 8px 16px; border-bottom: 1px solid var(--line); }
  .menu a { display: inline-block; padding: 4px 0; }
  main { padding: 8px 16px 64px; }
  article { padding: 16px; margin: 16px -8px; }
  h1 { font-size: 26px; }
  h2 { margin-top: 40px; }
}
@media print {
  .side, .menu, header { display: none; }
  .frame, .columns { display: block; }
  pre { max-height: none; white-space: pre-wrap; }
}
"""
