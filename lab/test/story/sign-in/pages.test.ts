import { CookieJar } from "../../../story/sign-in";
import { messageOf, signInForm, textOf } from "../../../story/sign-in/pages";

const page = new URL("https://idp.example.test/signin/abc");

describe("signInForm", () => {
  test("reads action, method and every field, entities decoded", () => {
    const html = `<form action="/signin/abc?x=1&amp;y=2" method="POST"><input type=hidden name="csrf" value="a&quot;b">
      <input name='username'><input name="password" type="password"><button id="sign-in">Sign in</button></form>`;
    expect(signInForm(html, page)).toEqual({
      action: new URL("https://idp.example.test/signin/abc?x=1&y=2"),
      method: "POST",
      fields: { csrf: 'a"b', password: "", username: "" },
    });
  });
  test("passes over a form without the two fields", () => {
    expect(signInForm('<form method="post"><input name="username"></form>', page)).toBeUndefined();
  });
  test("a form without action posts to its own page", () => {
    expect(signInForm("<form method=post><input name=username><input name=password></form>", page)?.action.href).toBe(page.href);
  });
});

test.each([
  ['<p role="alert">Unable to <b>sign in</b></p>', "Unable to sign in"],
  ['<div class="big error">AADSTS50105: not assigned</div>', "AADSTS50105: not assigned"],
  ['<div class="terrors">no</div>', undefined],
  ['<p id="error"></p>', undefined],
  ['<div id="kc-error-message"><p class="instruction">Access denied</p></div>', "Access denied"],
])("messageOf(%s) is %s", (html, expected) => {
  expect(messageOf(html)).toBe(expected);
});

test("textOf leaves out scripts and styles", () => {
  expect(textOf("<head><title>x</title></head><body><script>secret()</script><p>a&#39;s &amp; b</p>\n<p>c</p></body>")).toBe("a's & b c");
});

describe("CookieJar", () => {
  const url = new URL("https://idp.example.test/signin/abc");
  const headerAfter = (lines: string[], to: string): string => {
    const jar = new CookieJar();
    jar.take(url, lines, new Date("2026-01-01T00:00:00Z"));
    return jar.header(new URL(to));
  };
  test.each([
    ["sent to its own host and path", ["a=1; Path=/signin"], "https://idp.example.test/signin/def", "a=1"],
    ["not to a path that only begins alike", ["a=1; Path=/signin"], "https://idp.example.test/signing", ""],
    ["not to another host", ["a=1; Path=/"], "https://k10.example.test/", ""],
    ["a Domain attribute does not widen it", ["a=1; Path=/; Domain=example.test"], "https://k10.example.test/", ""],
    ["a Secure one not over plain HTTP", ["a=1; Path=/; Secure"], "http://idp.example.test/", ""],
    ["default path is the folder of the page", ["a=1"], "https://idp.example.test/signin/x", "a=1"],
    ["longest path first", ["a=1; Path=/", "b=2; Path=/signin"], "https://idp.example.test/signin", "b=2; a=1"],
    ["expired ones are gone", ["a=1; Path=/", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "https://idp.example.test/", ""],
    ["Max-Age wins over Expires", ["a=1; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "https://idp.example.test/", "a=1"],
  ])("%s", (_title, lines, to, expected) => {
    expect(headerAfter(lines, to)).toBe(expected);
  });
});
