import type { EnvironmentDocument } from "../../../model";
import { accessChange, renderAccessChange } from "../../../reports";
import { sampleDocument } from "../../fixtures/sample";
import { changed } from "./changed";

const widening = (before: EnvironmentDocument, after: EnvironmentDocument): string[] =>
  accessChange(before, after).findings.flatMap(({ kind, text }) => (kind === "widen-admin" ? [text] : []));

describe("what decides whom a grant reaches", () => {
  test("another issuer leads the headline: the same names may be other people", () => {
    const after = changed(({ platforms: { k10 } }) => Object.assign(k10 ?? {}, { issuer: "https://other.example.com" }));
    const text =
      "Sign-in to 'k10' moves to another issuer, https://other.example.com (so far https://example.okta.com): people and groups of the same name may be others there.";
    expect(accessChange(sampleDocument(), after).headline.slice(0, 2)).toEqual([
      "No grant changes in sample; what else changes is below.",
      text,
    ]);
    expect(widening(sampleDocument(), after)).toEqual([text]);
  });

  test("a prefix that changes where nobody administers widens no administration", () => {
    const viewers = (document: EnvironmentDocument): void => {
      document.access = document.access.filter(({ role }) => role === "view");
    };
    const prefix = (document: EnvironmentDocument): void => {
      Object.assign(document.platforms["k10"] ?? {}, { groups: { claim: "groups", prefix: "corp:" } });
    };
    const [before, after] = [changed(viewers), changed((document) => [viewers, prefix].forEach((change) => change(document)))];
    expect(widening(before, after)).toEqual([]);
    expect(accessChange(before, after).headline).toContain(
      "Whom grants on 'k10' reach is decided otherwise: groups okta:<groups> -> corp:<groups>.",
    );
  });

  test("what bounds the groups in a token is a fact about tokens, unless it only follows the grants", () => {
    const wide = changed(({ platforms: { k10 } }) => Object.assign(k10 ?? {}, { groupBound: "nothing" }));
    expect(accessChange(sampleDocument(), wide).claims.map(({ what, after }) => [what, after])).toEqual([
      ["groups in the token", "nothing"],
    ]);
    const granted = changed((document) => {
      Object.assign(document.platforms["k10"] ?? {}, { groupBound: "more names" });
      document.access = document.access.filter(({ role }) => role !== "view");
    });
    expect(accessChange(sampleDocument(), granted).claims).toEqual([]);
  });

  test("a loopback redirect for gatehouse login is a redirect URI like any other", () => {
    const after = changed(({ platforms: { k10 } }) =>
      Object.assign(k10 ?? {}, { diagnosticRedirect: { uri: "http://127.0.0.1:8765/callback", clientAuthentication: "none" } }),
    );
    expect(accessChange(sampleDocument(), after).redirectUris).toEqual([
      { platform: "k10", what: "redirect URI of gatehouse login", before: null, after: "http://127.0.0.1:8765/callback" },
    ]);
  });

  test("a platform that comes or goes is named, whoever has access", () => {
    const { platforms } = sampleDocument();
    const without = changed((document) => {
      document.platforms = Object.fromEntries(Object.entries(platforms).filter(([name]) => name !== "k10-dr"));
      document.access = document.access.filter(({ platform }) => platform !== "k10-dr");
    });
    expect(accessChange(sampleDocument(), without).headline).toContain("Platform 'k10-dr' is removed.");
    expect(accessChange(without, sampleDocument()).headline).toContain("Platform 'k10-dr' is added.");
  });
});

describe("who a holder is", () => {
  const operators = ["Kasten Users", "basic"] as const;
  const lines = (before: EnvironmentDocument, after: EnvironmentDocument) => {
    const { gains, losses } = accessChange(before, after);
    const told = ({ holder, role, note }: (typeof gains)[number]) => [holder.name, role, note] as const;
    return { gains: [...new Map(gains.map((line) => [line.holder.name, told(line)])).values()], losses: losses.map(told) };
  };

  test("a new display name is no new group", () => {
    const after = changed(({ groups }) => Object.assign(groups["backup-operators"] ?? {}, { displayName: "Operators" }));
    expect(lines(sampleDocument(), after)).toEqual({ gains: [], losses: [] });
  });

  test("a new key is a new group, although it is called the same: the present members lose", () => {
    const after = changed((document) => {
      const { "backup-operators": group, ...others } = document.groups;
      document.groups = { ...others, ...(group === undefined ? {} : { operators: group }) };
      for (const grant of document.access) {
        if (grant.group === "backup-operators") {
          grant.group = "operators";
        }
      }
    });
    const { gains, losses } = lines(sampleDocument(), after);
    expect(gains).toEqual([[...operators, "a new group: nobody is in it at first"]]);
    expect(losses[0]).toEqual([...operators, "the stack deletes the group"]);
    const text = renderAccessChange(accessChange(sampleDocument(), after), "text");
    expect(text).toContain("group 'Kasten Users': basic of k10 in billing, without an end (a new group: nobody is in it at first)");
    expect(text).toContain("whose members are managed elsewhere (the stack deletes the group), loses 'basic'");
  });

  test("a group of the stack's own instead of one that was there is another group of that name", () => {
    const after = changed(({ groups }) => Object.assign(groups["auditors"] ?? {}, { origin: "created" }));
    const { gains, losses } = lines(sampleDocument(), after);
    expect(gains).toEqual([["Security Auditors", "view", "a new group: nobody is in it at first"]]);
    expect(losses).toEqual([["Security Auditors", "view", null]]);
  });

  test("a sign-in name in other letters is the same person", () => {
    const after = changed(({ groups }) => Object.assign(groups["backup-admins"] ?? {}, { members: ["Ana@Example.com"] }));
    expect(lines(sampleDocument(), after)).toEqual({ gains: [], losses: [] });
  });
});
