import { isDeepStrictEqual } from "node:util";
import { isMap, isSeq, type Node } from "yaml";
import {
  dashOf,
  endOf,
  indentationAt,
  lineBelow,
  pairIn,
  parseYaml,
  splice,
  StackFileEditError,
  startOf,
  type Insertion,
  type Mapping,
} from "../yaml-edit";

/**
 * The text of a stack file with a day added to `gatehouse:idp.secret.rotatedOn`, every other byte as it was: comments,
 * quotes, order and blanks stay. The result is read back and compared before it is given out.
 * @param day `YYYY-MM-DD`
 * @param section the key under which the identity provider is written
 * @throws StackFileEditError when the section is not written as YAML mappings
 */
export function addRotationDay(text: string, day: string, section = "gatehouse:idp"): string {
  const document = parseYaml(text);
  const idp = document.getIn(["config", section], true);
  if (!isMap(idp)) {
    throw new StackFileEditError(
      "not_written_out",
      `config.${section}: expected a mapping written as YAML, got ${idp === undefined ? "nothing" : "something else"}. ` +
        "Fix: write its settings one by one, as the editor schema has them.",
    );
  }
  const edited = splice(text, insertion(text, section, idp as Mapping, day));
  const place = ["config", section, "secret", "rotatedOn"];
  const days: unknown = document.getIn(place, true);
  const wanted = document.clone();
  wanted.setIn(place, [...(isSeq(days) ? (days.toJS(document) as unknown[]) : []), day]);
  if (!isDeepStrictEqual(parseYaml(edited).toJS(), wanted.toJS())) {
    throw new StackFileEditError(
      "would_touch_more",
      `config.${section}.secret.rotatedOn: the day could not be added without touching the rest of the file. Fix: add "${day}" to the list by hand.`,
    );
  }
  return edited;
}

function insertion(text: string, section: string, idp: Mapping, day: string): Insertion {
  const secret = idp.get("secret", true);
  if (secret === undefined) {
    return pairIn(text, idp, `secret: { rotatedOn: ["${day}"] }`);
  }
  if (!isMap(secret)) {
    throw notThere(`${section}.secret`, "a mapping", `rotatedOn: ["${day}"]`);
  }
  const days = secret.get("rotatedOn", true);
  if (days === undefined) {
    return pairIn(text, secret as Mapping, `rotatedOn: ["${day}"]`);
  }
  if (!isSeq(days)) {
    throw notThere(`${section}.secret.rotatedOn`, "a list of days", `["${day}"]`);
  }
  const last = days.items.at(-1) as Node | undefined;
  if (last === undefined) {
    return { at: startOf(days), piece: `["${day}"]`, replacing: endOf(days) - startOf(days) };
  }
  return days.flow === true
    ? { at: endOf(last), piece: `, "${day}"` }
    : lineBelow(text, endOf(last), indentationAt(text, dashOf(text, startOf(last))), `- "${day}"`);
}

function notThere(key: string, expected: string, write: string): StackFileEditError {
  return new StackFileEditError("not_written_out", `config.${key}: expected ${expected}, got something else. Fix: write ${write} there.`);
}
