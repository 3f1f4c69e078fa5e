import fs from "node:fs";
import path from "node:path";
import type { Called } from "../harness";

const folder = path.join(__dirname, "../../fixtures/environments");

/** The text of a fixture, `<name>.json`, as JSON. */
export function fixture(name: string): unknown {
  return JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), "utf8")) as unknown;
}

/** An Okta organisation with what the fixtures name as existing. */
export function organisation({ token, inputs }: Called): Record<string, unknown> {
  switch (token) {
    case "okta:index/getGroups:getGroups":
      return { groups: [{ id: "00g-auditors", name: "Security Auditors" }] };
    case "okta:user/getUser:getUser":
      return { id: `00u-${(inputs.searches as { value: string }[])[0]?.value ?? ""}` };
    case "okta:group/getEveryoneGroup:getEveryoneGroup":
      return { id: "00g-everyone" };
    case "okta:policy/getPolicy:getPolicy":
      return { id: `rst-${String(inputs.name)}-${String(inputs.type)}` };
    default:
      throw new Error(`The organisation does not know ${token}.`);
  }
}
