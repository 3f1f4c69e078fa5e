import { escapeHtml } from "../../machine/http";

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:16px sans-serif;max-width:26rem;margin:4rem auto}label,input,button{display:block;width:100%;margin:.4rem 0}p[role=alert]{color:#a00}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`;
}

export interface SignInPage {
  /** Where the form posts to. */
  action: string;
  vendor: string;
  /** Shown again after a wrong password. */
  login?: string;
  problem?: string;
}

/** The form's contract with a test browser: fields `username` and `password`, button id `sign-in`. */
export function signInPage(view: SignInPage): string {
  const problem = view.problem === undefined ? "" : `<p role="alert" id="problem">${escapeHtml(view.problem)}</p>\n`;
  return page(
    `${view.vendor}: sign in`,
    `${problem}<form method="post" action="${escapeHtml(view.action)}">
<label for="username">Username</label><input id="username" name="username" autocomplete="username" required value="${escapeHtml(view.login ?? "")}">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit" id="sign-in">Sign in</button>
</form>`,
  );
}

export function errorPage(vendor: string, code: string, text: string): string {
  return page(`${vendor}: ${code}`, `<p role="alert" id="error" data-error="${escapeHtml(code)}">${escapeHtml(text)}</p>`);
}

/** After a sign-out without a place to go back to. */
export function signedOutPage(vendor: string): string {
  return page(`${vendor}: signed out`, `<p id="signed-out">You are signed out.</p>`);
}
