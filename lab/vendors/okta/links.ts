type Method = "GET" | "PUT" | "POST" | "DELETE";

export interface Link {
  href: string;
  hints?: { allow: Method[] };
}

export function link(href: string, ...allow: Method[]): Link {
  return allow.length === 0 ? { href } : { href, hints: { allow } };
}
