/** The pages of the relying parties. */
import { escapeHtml as escape } from "../../machine/http";

export function dashboardPage(username: string, groups: readonly string[]): string {
  return page(
    "K10 (lab relying party)",
    `<p id="user">Signed in as ${escape(username)}</p><ul id="groups">${groups.map((group) => `<li>${escape(group)}</li>`).join("")}</ul>`,
  );
}

export function errorPage(message: string): string {
  return page("Sign-in failed", `<p role="alert">${escape(message)}</p>`);
}

export function signedInPage(username: string): string {
  return page("kubectl (lab)", `<p id="user">Signed in as ${escape(username)}</p>`);
}

export function consolePage(account: string): string {
  return page("KubeSphere (lab relying party)", `<p id="user">Signed in as ${escape(account)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title></head><body><h1>${escape(title)}</h1>${body}</body></html>`;
}
