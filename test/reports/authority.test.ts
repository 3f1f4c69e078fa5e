import type { EnvironmentDocument } from "../../model";
import { platformFacts } from "../../reports/matrix";
import { calendarOf } from "../../reports/page/calendar";
import { claimChanges } from "../../reports/access-change/facts";
import { sampleDocument } from "../fixtures/sample";

const ends = "2027-02-01T08:00:00.000Z";

function behindAuthority(certificateAuthorityEnds: string | undefined): EnvironmentDocument {
  const document = sampleDocument();
  return { ...document, identityProvider: { ...document.identityProvider, certificateAuthorityEnds } };
}

describe("the end of a private authority behind the issuer", () => {
  test.each([
    [undefined, `private, ends ${ends}`],
    ["2027-02-01", `private, ends ${ends}`],
    ["2027-02-02", `private, ENDED ${ends}`],
  ])("is in the report, on the day %s", (today, text) => {
    const [first] = platformFacts(behindAuthority(ends), today === undefined ? {} : { today });
    expect(Object.fromEntries(first?.facts ?? [])).toMatchObject({ "Issuer's authority": text });
  });

  test("is in the page's calendar, once for all platforms", () => {
    expect(calendarOf(behindAuthority(ends)).filter(({ what }) => what === "certificate ends")).toEqual([
      { day: "2027-02-01", what: "certificate ends", subject: "the authority behind the issuer's certificate: nobody signs in after that" },
    ]);
  });

  test("is in a preview when it changes, comes or goes", () => {
    const what = "end of the authority behind the issuer's certificate";
    const changes = (before: string | undefined, after: string | undefined) =>
      claimChanges(behindAuthority(before), behindAuthority(after)).filter((change) => change.what === what);
    expect(changes(ends, "2028-02-01T08:00:00.000Z")).toEqual([{ platform: null, what, before: ends, after: "2028-02-01T08:00:00.000Z" }]);
    expect(changes(undefined, ends)).toEqual([{ platform: null, what, before: null, after: ends }]);
    expect(changes(ends, ends)).toEqual([]);
  });

  test("public authorities are nobody's to renew here: nothing is said", () => {
    const document = behindAuthority(undefined);
    expect(Object.keys(Object.fromEntries(platformFacts(document)[0]?.facts ?? []))).not.toContain("Issuer's authority");
    expect(calendarOf(document).map(({ what }) => what)).not.toContain("certificate ends");
  });
});
