/** Signs a person in with a plain HTTP client that follows the pages a browser would: redirects, cookies, the form. */
import { CookieJar } from "./cookies";
import { messageOf, secondFactorForm, signInForm, textOf, type SignInForm } from "./pages";
import { authority, send, type Answer, type Route } from "./transport";
import { withoutQuery, type Credentials, type Driver, type Outcome } from "./outcome";

/** More redirects than a sign-in needs (start, authorise, interaction, resume, callback, start), yet an end to a loop. */
const maximumHops = 20;

export function httpDriver(route: Route): Driver {
  return {
    kind: "http",
    signIn: (credentials) => follow(route, credentials),
    close: () => Promise.resolve(),
  };
}

/** A visit: the page that a chain of redirects ends at. */
interface Page {
  readonly url: URL;
  readonly answer: Answer;
}

/** Opens an address as a browser would, following redirects and keeping cookies. `seen` is told of every answer on the way. */
export async function open(
  route: Route,
  jar: CookieJar,
  start: URL,
  form?: { readonly method: "GET" | "POST"; readonly body: string },
  seen: (url: URL, answer: Answer) => void = () => undefined,
): Promise<Page> {
  let url = start;
  let posting = form?.method === "POST" ? form.body : undefined;
  for (let hop = 0; hop < maximumHops; hop++) {
    const cookie = jar.header(url);
    const answer: Answer = await send(url, route, {
      method: posting === undefined ? "GET" : "POST",
      body: posting,
      headers: {
        accept: "text/html",
        ...(cookie ? { cookie } : {}),
        ...(posting === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
    });
    jar.take(url, answer.headers["set-cookie"]);
    seen(url, answer);
    const location = answer.headers.location;
    if (answer.status < 300 || answer.status > 399 || !location) {
      return { url, answer };
    }
    url = new URL(location, url);
    // 307 and 308 keep the method, every other redirect is followed with GET.
    posting = answer.status === 307 || answer.status === 308 ? posting : undefined;
  }
  throw new Error(
    `sign-in: expected at most ${maximumHops} redirects from ${start.origin}${start.pathname}, still redirected at ${url.origin}${url.pathname}`,
  );
}

async function follow(route: Route, credentials: Credentials): Promise<Outcome> {
  const start = new URL(credentials.startUrl);
  const jar = new CookieJar();
  let page = await open(route, jar, start);
  const form = signInForm(page.answer.body, page.url);
  if (form) {
    page = await submit(route, jar, page.url, form, { username: credentials.login, password: credentials.password });
  }
  const challenge = secondFactorForm(page.answer.body, page.url);
  if (challenge && credentials.otp !== undefined) {
    page = await submit(route, jar, page.url, challenge, { otp: credentials.otp });
  }
  const html = page.answer.body;
  const finalUrl = withoutQuery(page.url);
  const cookies = jar.all();
  if (
    authority(page.url) === authority(start) &&
    page.answer.status < 400 &&
    !signInForm(html, page.url) &&
    !secondFactorForm(html, page.url)
  ) {
    return { outcome: "signed-in", finalUrl, cookies };
  }
  const text = textOf(html);
  return { outcome: "refused", finalUrl, cookies, status: page.answer.status, page: text, reason: messageOf(html) ?? text.slice(0, 300) };
}

function submit(route: Route, jar: CookieJar, page: URL, form: SignInForm, values: Readonly<Record<string, string>>): Promise<Page> {
  if (form.method !== "POST") {
    throw new Error(
      `sign-in: expected a form with method POST at ${page.origin}${page.pathname}, got GET, which would put a secret in an address`,
    );
  }
  return open(route, jar, form.action, { method: "POST", body: new URLSearchParams({ ...form.fields, ...values }).toString() });
}
