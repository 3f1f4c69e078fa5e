import { escapeMarkdown } from "../../reports/markdown";

describe("a name in a comment notifies nobody and links nowhere", () => {
  test.each([
    ["what nobody sees", "Kasten\u200b\u00a0Admins", "Kasten\\\\u200b\\\\u00a0Admins"],
    ["a mention", "ask @acme/admins", "ask <span>@</span>acme/admins"],
    ["a sign-in name, which would become a mail address", "ana@example.com", "ana<span>@</span>example.com"],
    ["an address", "see https://evil.example/x", "see https<span>:</span>//evil.example/x"],
    ["an address without scheme", "www.evil.example", "www<span>.</span>evil.example"],
    ["a mail address with scheme", "mailto:a", "mailto<span>:</span>a"],
    ["an issue", "fixes #12, org/repo#3, GH-4", "fixes <span>#</span>12, org/repo<span>#</span>3, GH<span>-</span>4"],
    ["GitLab's references", "!5 ~bug %7 $8 &9", "<span>!</span>5 <span>~</span>bug <span>%</span>7 <span>$</span>8 <span>&amp;</span>9"],
    ["a commit", "1a2b3c4d", "1a2<span></span>b3c4d"],
    ["markup", "# a ![x](y) ~~b~~ <i> `c`", "\\# a \\!\\[x\\](y) \\~<span>~</span>b\\~\\~ &lt;i&gt; \\`c\\`"],
    ["a forged command", "##[error]x", "\\#\\#\\[error\\]x"],
  ])("%s", (_what, text, markdown) => {
    expect(escapeMarkdown(text)).toBe(markdown);
  });
});
