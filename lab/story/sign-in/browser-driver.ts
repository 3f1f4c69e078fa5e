/** Signs a person in with headless Chromium, driven by playwright-core. */
import { chromium, type Browser, type BrowserContext } from "playwright-core";
import type { Cookie } from "./cookies";
import { CookieJar } from "./cookies";
import { open } from "./http-driver";
import { withoutQuery, type Credentials, type Driver, type Outcome } from "./outcome";
import { authority, type Route } from "./transport";

/** A Chromium that runs as root in a container, and talks to nobody but the pages that it is shown. */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where a page that refuses puts its message; the same places as in pages.ts. */
const messageSelector = '[role="alert"], #error, .error, #input-error, #kc-error-message';

/** The button of the lab's own pages, and Keycloak's, whose page for a one-time code has the same. */
const signInButton = "#sign-in, #kc-login";
const verifyButton = "#verify, #kc-login";

/** How long a page, or the browser, may take on a busy machine, in milliseconds. */
const patience = 120_000;

export function browserDriver(route: Route, executablePath: string): Driver {
  let running: { readonly browser: Browser; readonly trusted: ReadonlySet<string> } | undefined;
  return {
    kind: "browser",
    async signIn(credentials) {
      const trusted = await publicKeysOnTheWay(route, credentials.startUrl);
      // Chromium takes trust at start only: a new key on the way (a restarted server) needs a new browser.
      if (running && [...trusted].some((key) => !running?.trusted.has(key))) {
        await running.browser.close();
        running = undefined;
      }
      running ??= { browser: await launch(route, executablePath, trusted), trusted };
      const context = await running.browser.newContext();
      try {
        return await fillIn(context, credentials);
      } finally {
        await context.close();
      }
    },
    async close() {
      await running?.browser.close();
      running = undefined;
    },
  };
}

function launch(route: Route, executablePath: string, trusted: ReadonlySet<string>): Promise<Browser> {
  const rules = Object.entries(route.hostMap ?? {}).map(([host, address]) => `MAP ${host} ${address}`);
  return chromium.launch({
    executablePath,
    headless: true,
    timeout: patience,
    args: [
      ...chromiumFlags,
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(",")}`] : []),
      `--ignore-certificate-errors-spki-list=${[...trusted].sort().join(",")}`,
    ],
  });
}

/**
 * The public keys of the servers between the start and the sign-in page.
 *
 * Chromium has no flag for an extra CA, only a list of keys that it accepts (compared with the certificates that the server sends,
 * so the CA's own key would not do). The keys listed are those whose certificates our client has just checked against the lab's CA
 * and the host name; everything else stays an error.
 */
async function publicKeysOnTheWay(route: Route, startUrl: string): Promise<Set<string>> {
  const keys = new Set<string>();
  await open(route, new CookieJar(), new URL(startUrl), undefined, (_url, answer) => {
    if (answer.spki) {
      keys.add(answer.spki);
    }
  });
  return keys;
}

async function fillIn(context: BrowserContext, credentials: Credentials): Promise<Outcome> {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const start = new URL(credentials.startUrl);
  let status = (await page.goto(start.href))?.status() ?? 0;
  // Main-frame answers only: the last one that is no redirect is the page the person sees.
  page.on("response", (response) => {
    if (
      response.request().isNavigationRequest() &&
      response.frame() === page.mainFrame() &&
      (response.status() < 300 || response.status() > 399)
    ) {
      status = response.status();
    }
  });
  if ((await page.locator("input[name=username]").count()) > 0) {
    await page.locator("input[name=username]").fill(credentials.login);
    await page.locator("input[name=password]").fill(credentials.password);
    // A click that navigates: wait for the new document, not for a time.
    await Promise.all([page.waitForEvent("load"), page.locator(signInButton).click({ noWaitAfter: true })]);
  }
  if (credentials.otp !== undefined && (await page.locator("input[name=otp]").count()) > 0) {
    await page.locator("input[name=otp]").fill(credentials.otp);
    await Promise.all([page.waitForEvent("load"), page.locator(verifyButton).click({ noWaitAfter: true })]);
  }
  const finalUrl = withoutQuery(new URL(page.url()));
  const cookies = (await context.cookies()).map((cookie): Cookie => ({
    name: cookie.name,
    value: cookie.value,
    host: cookie.domain,
    path: cookie.path,
    secure: cookie.secure,
  }));
  const again = (await page.locator("input[name=password], input[name=otp]").count()) > 0;
  if (authority(new URL(finalUrl)) === authority(start) && status < 400 && !again) {
    return { outcome: "signed-in", finalUrl, cookies };
  }
  const text = (await page.locator("body").innerText()).replace(/\s+/g, " ").trim();
  const messages = await page.locator(messageSelector).allInnerTexts();
  const reason = messages.map((message) => message.replace(/\s+/g, " ").trim()).find((message) => message !== "");
  return { outcome: "refused", finalUrl, cookies, status, page: text, reason: reason ?? text.slice(0, 300) };
}
