/** Reads the few things of an HTML page that a person signing in acts on: its form, its message, its text. Pure. */

export interface SignInForm {
  /** Where the form goes, absolute. */
  readonly action: URL;
  readonly method: "GET" | "POST";
  /** All named fields with their preset values (hidden ones included). */
  readonly fields: Readonly<Record<string, string>>;
}

/** The form with the fields `username` and `password`, if the page has one. */
export function signInForm(html: string, page: URL): SignInForm | undefined {
  return formWith(["username", "password"], html, page);
}

/** The form that asks for a one-time code (field `otp`), if the page has one. */
export function secondFactorForm(html: string, page: URL): SignInForm | undefined {
  return formWith(["otp"], html, page);
}

function formWith(wanted: readonly string[], html: string, page: URL): SignInForm | undefined {
  for (const match of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)) {
    const attributes = attributesOf(match[1] ?? "");
    const fields: Record<string, string> = {};
    for (const input of (match[2] ?? "").matchAll(/<input\b([^>]*)>/gi)) {
      const field = attributesOf(input[1] ?? "");
      if (field["name"]) {
        fields[field["name"]] = field["value"] ?? "";
      }
    }
    if (wanted.every((name) => name in fields)) {
      return {
        action: new URL(attributes["action"] || page.href, page),
        method: (attributes["method"] ?? "get").toLowerCase() === "post" ? "POST" : "GET",
        fields,
      };
    }
  }
  return undefined;
}

/** The page's message to the person: role="alert", class "error", or an id that the lab's pages or Keycloak's use; undefined when it has none. */
export function messageOf(html: string): string | undefined {
  const match =
    /<(\w+)\b[^>]*(?:role="alert"|id="(?:error|input-error|kc-error-message)"|class="(?:[^"]*\s)?error(?:\s[^"]*)?")[^>]*>([\s\S]*?)<\/\1>/i.exec(
      html,
    );
  const text = match ? textOf(match[2] ?? "") : "";
  return text || undefined;
}

/** Visible text of a page, white space collapsed. */
export function textOf(html: string): string {
  const visible = html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  return decode(visible).replace(/\s+/g, " ").trim();
}

function attributesOf(tag: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const match of tag.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    attributes[(match[1] ?? "").toLowerCase()] = decode(match[2] ?? match[3] ?? match[4] ?? "");
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function decode(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith("#")) {
      return String.fromCodePoint(name[1]?.toLowerCase() === "x" ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10));
    }
    return entities[name.toLowerCase()] ?? whole;
  });
}
