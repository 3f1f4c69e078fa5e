import {
  environmentDocument,
  parseEnvironment,
  userHolder,
  usersToLookUp,
  type EnvironmentDocument,
  type GroupMembers,
} from "../../../model";
import { openUnisonRaw } from "../../fixtures/sample";
import { refusals } from "../../model/environment/refusal";

const today = "2026-11-28";
const ana = "ana@example.com";

const idps = {
  okta: { kind: "okta", orgUrl: "https://acme.okta.com" },
  entra: { kind: "entra", tenantId: "11111111-2222-4333-8444-555555555555" },
  keycloak: { kind: "keycloak", issuer: "https://keycloak.example.com/realms/main" },
  google: {
    kind: "external",
    preset: "google",
    issuer: "https://accounts.google.com",
    clients: { place: { clientId: "gatehouse.apps.googleusercontent.com", secret: { config: "clients:place" } } },
    people: { [ana]: "110248495921238986420" },
  },
} as const;

const k10 = { kind: "kasten", host: "https://k10.example.com", chart: { version: "8.0.15" }, access: [{ user: ana, role: "admin" }] };
const cluster = { kind: "kubernetes", server: "https://kube.example.com", access: [{ user: ana, role: "cluster-view" }] };
const console4 = { kind: "kubesphere4", host: "https://ks.example.com", access: [{ user: ana, role: "platform-admin" }] };
const portal = {
  ...openUnisonRaw,
  certManager: { clusterIssuer: "letsencrypt" },
  access: [{ user: ana, role: "cluster-view" }],
};

const raw = (idp: object, place: object, groups: object = {}) => ({ idp, groups, platforms: { place } });

function documentOf(idp: object, place: object, id: string): EnvironmentDocument {
  const { environment } = parseEnvironment(raw(idp, place), today);
  expect(usersToLookUp(environment)).toEqual([ana]);
  const members: GroupMembers = { [userHolder(ana)]: [{ login: ana, id }] };
  return environmentDocument(environment, { stack: "lab", groups: {}, platforms: { place: { clientId: "c" } }, members });
}

describe("what the bindings of a grant to one person name", () => {
  test.each<[string, object, object, string, string]>([
    ["K10 on Okta: sub behind the prefix", idps.okta, k10, "00uAna", "okta:00uAna"],
    ["K10 on Entra ID: oid", idps.entra, k10, "aaaa-oid", "entra:aaaa-oid"],
    ["K10 on Keycloak", idps.keycloak, k10, "7c1e", "keycloak:7c1e"],
    ["K10 on Google", idps.google, k10, "1102", "external:1102"],
    ["the API server on Okta", { ...idps.okta, authorizationServer: { existing: "aus1" } }, cluster, "00uAna", "okta:00uAna"],
    ["OpenUnison on Keycloak: its own issuer", idps.keycloak, portal, "7c1e", "https://k8sou.example.com/auth/idp/k8sIdp#7c1e"],
    ["KubeSphere on Keycloak: the user's own name", idps.keycloak, console4, "7c1e", "ana"],
  ])("%s", (_, idp, place, id, name) => {
    const { access } = documentOf(idp, place, id);
    expect(access).toHaveLength(1);
    expect(access[0]).toMatchObject({
      group: `user:${ana}`,
      subject: { kind: "User", name },
      person: { login: ana, claimValue: id },
    });
    expect(access[0]?.bindings.length).toBeGreaterThan(0);
  });

  test("by an address, where the stack says that it is one", () => {
    const { people, ...google } = idps.google;
    const idp = { ...google, usernameClaim: "email", insecureEmailUsername: true };
    expect(people).toBeDefined();
    expect(documentOf(idp, k10, ana).access[0]?.subject).toEqual({ kind: "User", name: `external:${ana}` });
  });
});

describe("refused before anything is made", () => {
  const problemsOf = (idp: object, place: object, groups: object = {}) =>
    refusals(raw(idp, place, groups)).map(({ path, expected, received }) => [path.join("."), expected, received]);
  const at = "platforms.place.access.0.user";

  test("Entra ID gives each client another sub", () => {
    expect(problemsOf(idps.entra, { ...k10, usernameClaim: "sub" })).toEqual([
      [at, "a claim whose value is known beforehand: Entra ID gives each client another sub for one person", '"sub"'],
    ]);
  });

  test.each([
    [idps.okta, "preferred_username", "sub"],
    [idps.entra, "email", "oid"],
    [idps.google, "email", "sub"],
  ])("a claim that can change, %#", (idp, usernameClaim, stable) => {
    expect(problemsOf(idp, { ...k10, usernameClaim })).toEqual([
      [
        at,
        `the claim ${stable}, which names a person for good: the value of another can change, or be given to somebody else`,
        `"${usernameClaim}"`,
      ],
    ]);
  });

  test("Google: a person whose sub nobody wrote down, and any group", () => {
    const { people, ...google } = idps.google;
    expect(people[ana]).toBe("110248495921238986420");
    expect(refusals(raw(google, k10))).toEqual([
      {
        path: ["platforms", "place", "access", 0, "user"],
        expected: "what sub carries for this person: nobody can look it up at an external identity provider",
        received: `"${ana}"`,
        fix: `write idp.people: { ${ana}: <value> }. The account's numeric id, the same for every client: the directory API shows it as the user's id.`,
      },
    ]);
    const groups = { admins: { existing: "admins@example.com" } };
    expect(problemsOf(google, { ...k10, access: [{ group: "admins", role: "admin" }] }, groups)).toEqual([
      ["platforms.place.access.0.group", "an issuer whose tokens carry groups: those of Google carry none", '"admins"'],
    ]);
  });

  test("an address without its acknowledgement, two people with one value", () => {
    expect(problemsOf({ ...idps.google, usernameClaim: "email" }, k10).map(([path]) => path)).toEqual(["idp.usernameClaim"]);
    expect(problemsOf({ ...idps.google, people: { ...idps.google.people, omar: idps.google.people[ana] } }, k10)).toEqual([
      ["idp.people.omar", `a value of the person's own; it is that of '${ana}'`, '"110248495921238986420"'],
    ]);
  });

  test("Keycloak keeps names in lower case; Okta and Entra ID know people by address", () => {
    const place = (user: string) => ({ ...k10, access: [{ user, role: "admin" }] });
    expect(problemsOf(idps.keycloak, place("Ana"))).toEqual([[at, "a user name in lower case, as Keycloak keeps it", '"Ana"']]);
    expect(problemsOf(idps.okta, place("ana"))).toEqual([[at, "an e-mail address, the sign-in name of a person", '"ana"']]);
  });

  test("neither or both of group and user, and the same person twice", () => {
    const place = (access: object[]) => ({ ...k10, access });
    const groups = { admins: { displayName: "Admins" } };
    expect(problemsOf(idps.okta, place([{ role: "admin" }]))[0]?.slice(1)).toEqual([
      "exactly one of group (a key of gatehouse:groups) and user (the sign-in name of one person)",
      "nothing",
    ]);
    expect(problemsOf(idps.okta, place([{ group: "admins", user: ana, role: "admin" }]), groups)[0]?.[2]).toBe("both");
    expect(problemsOf(idps.okta, place([0, 1].map(() => ({ user: ana, role: "admin" }))))).toEqual([
      ["platforms.place.access.1", `each grant once; access[0] already gives 'admin' to 'user:${ana}'`, "the same grant again"],
    ]);
  });
});
