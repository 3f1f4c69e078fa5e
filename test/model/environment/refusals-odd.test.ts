import { sampleRaw, withAt, type Raw } from "../../fixtures/sample";
import { k10, refusals, type Path } from "./refusal";

/** What one wrong place is refused with: path and what came. */
const refused = (at: Path, value: unknown) => refusals(withAt(at, value)).map(({ path, received }) => [path, received]);

describe("hosts that URL parsers let through", () => {
  const host: Path = [...k10, "host"];
  const label = "a".repeat(64);
  test.each([
    "https://k10.example.com.",
    "https://k10..example.com",
    "https://-k10.example.com",
    "https://k10_a.example.com",
    "https://k10'.example.com",
    "https://k10{a}.example.com",
    "https://k10.example.com:0",
    `https://${label}.org`,
  ])("%s", (value) => {
    expect(refused(host, value)).toEqual([[host, JSON.stringify(value)]]);
  });

  test("longer than a host name can be", () => {
    const value = `https://${Array.from({ length: 6 }, () => "a".repeat(50)).join(".")}`;
    expect(refused(host, value)).toHaveLength(1);
  });

  test.each(["https://k10.example.com:8443", "https://xn--bcher-kva.example.com", "https://10.0.0.5", "https://[2001:db8::1]:8443"])(
    "%s is one",
    (value) => {
      expect(refused(host, value)).toEqual([]);
    },
  );

  test("what stands after the host is not repeated: it may be a token", () => {
    expect(refused(host, "https://k10.example.com/?code=hunter2")).toEqual([[host, '"https://k10.example.com/?..."']]);
    expect(refused(host, "k10.example.com#hunter2")).toEqual([[host, '"k10.example.com#..."']]);
  });

  test("a scheme left out is written into the remedy, where nothing else is wrong", () => {
    expect(refusals(withAt(host, "k10.example.com"))[0]?.fix).toBe("write https://k10.example.com");
    expect(refusals(withAt(host, "k10 example"))[0]?.fix).toBeUndefined();
  });
});

describe("names", () => {
  const name: Path = ["groups", "auditors", "existing"];
  test.each(["a\u007fb", "a\u009bb", "adm\u202enimda", "a\u2028b", "a\ud800b"])("%j cannot be read as it is written", (value) => {
    expect(refused(name, value)).toHaveLength(1);
  });

  test.each(["🐧 team", "Kästen", "a.*b(c", "日本"])("%s can", (value) => {
    expect(refused(name, value)).toEqual([]);
  });

  test("a description may have lines, but no escape sequences", () => {
    const description: Path = ["groups", "backup-operators", "description"];
    expect(refused(description, "one\ntwo")).toEqual([]);
    expect(refused(description, "\u001b[31mred")).toHaveLength(1);
  });

  test("a namespace has up to 63 characters, a release up to 53", () => {
    const namespaces: Path = [...k10, "access", 1, "namespaces"];
    expect(refused(namespaces, ["a".repeat(63)])).toEqual([]);
    expect(refused(namespaces, ["a".repeat(64)])).toHaveLength(1);
    expect(refused([...k10, "release"], "a".repeat(54))).toHaveLength(1);
  });

  test("a namespace twice in one grant is said to be that", () => {
    expect(refused([...k10, "access", 1, "namespaces"], ["shop", "shop"])).toEqual([[[...k10, "access", 1, "namespaces", 1], '"shop"']]);
  });

  test.each(["default", "kube-system", "kube-public"])("K10's namespace is made by the stack, and %s is there already", (value) => {
    expect(refused([...k10, "namespace"], value)).toEqual([[[...k10, "namespace"], `"${value}"`]]);
  });

  test("guests of Entra ID have a hash in their sign-in name", () => {
    const members: Path = ["groups", "backup-admins", "members"];
    expect(refused(members, ["ana_contoso.com#EXT#@example.onmicrosoft.com"])).toEqual([]);
    expect(refused(members, ["ana#x@example.com"])).toHaveLength(1);
    expect(refused(members, [`${"a".repeat(250)}@example.com`])).toHaveLength(1);
  });
});

test.each(["kubeadm:", "Kubeadm:", "eks:", "openshift:", "System:"])(
  "the prefix %s would make a group one that the cluster trusts: kubeadm:cluster-admins holds cluster-admin",
  (prefix) => {
    expect(refused([...k10, "prefix"], prefix)).toEqual([[[...k10, "prefix"], JSON.stringify(prefix)]]);
  },
);

describe("chart values and charts", () => {
  test("a secret in secrets.* of the k10 chart; the name of a TLS Secret is none", () => {
    const secrets: Path = [...k10, "values", "secrets"];
    const withheld = "a text (withheld, it may be a secret)";
    expect(refused(secrets, { awsSecretAccessKey: "hunter2", tlsSecret: "k10-tls", awsClientSecretName: "k10-aws" })).toEqual([
      [[...secrets, "awsSecretAccessKey"], withheld],
    ]);
    expect(refused(secrets, { dockerConfig: "hunter2" })).toEqual([[[...secrets, "dockerConfig"], withheld]]);
  });

  test.each(["../x", "k10/./y", ".."])("the path %s never reaches the server as it is registered", (urlPath) => {
    const ingress: Path = [...k10, "values", "ingress"];
    expect(refused(ingress, { create: true, urlPath })).toEqual([[[...ingress, "urlPath"], JSON.stringify(urlPath)]]);
  });

  test.each(["http://charts.example.com/", "ftp://charts.example.com/", "charts", "https://ana:hunter2@charts.example.com/"])(
    "the chart repository %s",
    (repository) => {
      const [problem, ...others] = refusals(withAt([...k10, "chart", "repository"], repository));
      expect([problem?.path, others]).toEqual([[...k10, "chart", "repository"], []]);
      expect(problem?.received).not.toContain("hunter2");
    },
  );
});

describe("__proto__ is no key", () => {
  // JSON.parse makes it a key of its own, as the engine's configuration arrives.
  const own = (value: unknown): unknown => JSON.parse(`{ "__proto__": ${JSON.stringify(value)} }`);
  test.each<[string, Path, unknown]>([
    ["group", ["groups"], { displayName: "Zed" }],
    ["platform", ["platforms"], sampleRaw().platforms.k10],
    ["chart value", [...k10, "values"], { polluted: true }],
  ])("%s", (_, at, value) => {
    expect(refused(at, own(value))).toContainEqual([[...at, "__proto__"], "__proto__, which cannot be handed on"]);
    expect(({} as Raw)["polluted"]).toBeUndefined();
  });

  test("constructor is one", () => {
    expect(refused(["groups", "constructor"], { displayName: "Zed" })).toEqual([]);
  });
});

describe("two platforms that need the same", () => {
  const second = (platform: Raw): unknown =>
    withAt(["platforms", "second"], { ...sampleRaw().platforms.k10, host: "https://dr.example.com", ...platform });
  const at = (...path: string[]): Path => ["platforms", "second", ...path];
  const places = (raw: unknown) => refusals(raw).map(({ path }) => path);

  test("two K10: neither namespace nor release name, after which the chart calls its cluster roles", () => {
    expect(places(second({}))).toEqual([at("namespace"), at("release")]);
    expect(places(second({ namespace: "dr" }))).toEqual([at("release")]);
    expect(places(second({ namespace: "dr", release: "dr" }))).toEqual([]);
  });

  test("one host for two K10 with two paths", () => {
    expect(places(second({ namespace: "dr", release: "dr", host: "https://k10.example.com" }))).toEqual([]);
  });

  test("a host of OpenUnison's, which answers every path of it", () => {
    const openunison = {
      kind: "openunison",
      hosts: { portal: "k8sou.example.com", dashboard: "k10.example.com", apiServer: "k8sapi.example.com" },
      impersonation: {},
      charts: Object.fromEntries(
        ["openunison-operator", "orchestra", "orchestra-login-portal", "orchestra-kube-oidc-proxy"].map((chart) => [
          chart,
          { version: "1.0.0" },
        ]),
      ),
      access: [{ group: "auditors", role: "cluster-view" }],
    };
    expect(places(withAt(["platforms", "second"], openunison))).toEqual([at("hosts", "dashboard")]);
    const raw = sampleRaw();
    raw.platforms["portal"] = { ...openunison, hosts: { ...openunison.hosts, dashboard: "k8sdb.example.com" } };
    raw.platforms["second"] = { ...openunison, hosts: { portal: "a.example.com", dashboard: "b.example.com", apiServer: "c.example.com" } };
    expect(places(raw)).toEqual([at()]);
  });

  test("one folder for the files of two API servers", () => {
    const server = (name: string, outputFolder: string) => ({
      kind: "kubernetes",
      server: `https://${name}.example.com`,
      outputFolder,
      access: [{ group: "auditors", role: "cluster-view" }],
    });
    const raw = sampleRaw();
    raw.idp["authorizationServer"] = { existing: "default" };
    raw.platforms["first"] = server("a", "generated/x");
    raw.platforms["second"] = server("b", "./generated/x/");
    expect(places(raw)).toEqual([at("outputFolder")]);
  });

  test("the KubeSphere of the cluster", () => {
    const console = { kind: "kubesphere4", access: [{ group: "backup-admins", role: "platform-admin" }] };
    const raw = sampleRaw();
    raw.platforms["first"] = { ...console, host: "https://a.example.com" };
    raw.platforms["second"] = { ...console, host: "https://b.example.com" };
    expect(places(raw)).toEqual([at("kind")]);
  });
});

describe.each(["kube-system", "argocd", "openshift-monitoring", "kasten-io-dr"])(
  "admin and edit in %s lead to cluster-admin",
  (namespace) => {
    test("which has to be written out; view does not", () => {
      const raw = (role: string, more: Raw = {}): unknown => ({
        ...sampleRaw(),
        idp: { ...sampleRaw().idp, authorizationServer: { existing: "default" } },
        platforms: {
          cluster: {
            kind: "kubernetes",
            server: "https://api.example.com",
            access: [{ group: "auditors", role, namespaces: ["shop", namespace] }],
            ...more,
          },
        },
      });
      const place = ["platforms", "cluster", "access", 0, "namespaces", 1];
      expect(refusals(raw("admin")).map(({ path }) => path)).toEqual([place]);
      expect(refusals(raw("edit")).map(({ path }) => path)).toEqual([place]);
      expect(refusals(raw("view"))).toEqual([]);
      expect(refusals(raw("edit", { insecureClusterAdmin: true }))).toEqual([]);
    });
  },
);

describe("one fault, one message", () => {
  test("a length that is none is not compared as well", () => {
    const idp = { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0", secret: { rotateEvery: "3m" } };
    expect(refused(["idp"], idp)).toEqual([[["idp", "secret", "rotateEvery"], '"3m"']]);
  });

  test("both ways to name an authentication policy", () => {
    expect(refusals(withAt(["idp", "authenticationPolicy"], { id: "rst1", existing: "MFA" }))).toEqual([
      {
        path: ["idp", "authenticationPolicy"],
        expected: "exactly one of { id: rst... } and { existing: <exact name> }",
        received: "a mapping",
      },
    ]);
  });

  test.each<[Path, unknown, string]>([
    [["idp", "authenticationPolicy", "existing"], "", "a text that is not empty"],
    [[...k10, "chart", "timeoutSeconds"], 1, "a number of at least 30"],
    [[...k10, "chart", "timeoutSeconds"], 1.5, "a whole number"],
  ])("%j speaks no library's language", (at, value, expected) => {
    expect(refusals(withAt(at, value)).map((problem) => problem.expected)).toEqual([expected]);
  });

  test("an owner twice", () => {
    const idp = { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0", owners: ["ana@example.com", "ANA@example.com"] };
    expect(refused(["idp"], idp)).toEqual([[["idp", "owners", 1], '"ANA@example.com"']]);
  });
});
