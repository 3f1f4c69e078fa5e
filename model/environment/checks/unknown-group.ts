import { describeReceived, type Problem } from "../../text/problems";

/** The problem of a key that stands for no group; nothing when it stands for one. */
export function unknownGroup(groups: Readonly<Record<string, unknown>>, key: string, path: Problem["path"]): Problem[] {
  return Object.hasOwn(groups, key)
    ? []
    : [
        {
          path,
          expected: `a key of gatehouse:groups (${Object.keys(groups).join(", ") || "none is there"})`,
          received: describeReceived(key, []),
        },
      ];
}
