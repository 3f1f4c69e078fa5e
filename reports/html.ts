import { printable, type EnvironmentDocument } from "../model";
import { matrixColumns, matrixRows, platformFacts, type ReportOptions } from "./matrix";

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
  th, td { border: 1px solid #bbb; padding: .35rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
  thead th { background: #eee; } tr.ended td { background: #fff1e0; }
  @media print { body { margin: 0; font-size: 10px; } }`;

/** The report as one HTML page that needs nothing else: no script, no font, no address is loaded. */
export function htmlReport(document: EnvironmentDocument, options: ReportOptions = {}): string {
  const idp = document.identityProvider;
  const title = `Access to ${escape(document.stack)}`;
  const platforms = platformFacts(document, options).map(
    ({ name, title: platform, facts }) =>
      `<h2>${escape(platform)}: ${escape(name)}</h2>\n<table><tbody>\n${facts
        .map(([label, value]) => `<tr><th scope="row">${escape(label)}</th><td>${escape(value)}</td></tr>`)
        .join("\n")}\n</tbody></table>`,
  );
  const risks =
    document.risks.length === 0 ? "<p>None.</p>" : `<ul>\n${document.risks.map((risk) => `<li>${escape(risk)}</li>`).join("\n")}\n</ul>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}
</style>
</head>
<body>
<h1>${title}</h1>
<p>Identity provider: ${escape(idp.kind)}, issuer ${escape(idp.issuer)}.</p>
<h2>Access matrix</h2>
${accessTable(document, options)}
${platforms.join("\n")}
<h2>Risks written out</h2>
${risks}
</body>
</html>
`;
}

function accessTable(document: EnvironmentDocument, options: ReportOptions): string {
  const head = [...matrixColumns.map(([title]) => title), "Bindings"].map((title) => `<th scope="col">${escape(title)}</th>`).join("");
  const body = matrixRows(document, options).map((row) => {
    const cells = [...matrixColumns.map(([, cell]) => escape(cell(row))), row.bindings.map(escape).join("<br>")];
    return `<tr${row.ended ? ' class="ended"' : ""}>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return body.length === 0
    ? "<p>Nobody may do anything: there is no grant.</p>"
    : `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
