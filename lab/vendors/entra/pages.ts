import { escapeHtml } from "../../machine/http";

export const vendor = "Microsoft Entra ID";

/** The second step's contract with a test browser: field `otp`, button id `verify`, and a hidden `challenge`. Posts to its own address. */
export function secondFactorPage(challenge: string, problem?: string): string {
  const alert = problem === undefined ? "" : `<p role="alert" id="problem">${escapeHtml(problem)}</p>\n`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${vendor}: verify your identity</title></head>
<body>
<h1>${vendor}: verify your identity</h1>
${alert}<form method="post">
<input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
<label for="otp">Code</label><input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" required>
<button type="submit" id="verify">Verify</button>
</form>
</body>
</html>
`;
}
