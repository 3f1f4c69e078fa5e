import { stringify } from "yaml";
import { identityProviders, judgeEnvironment, platforms, type IdentityProviderSpec, type PlatformSpec, type Problem } from "../../model";
import { pipelines, type Pipeline } from "./pipelines";

/** What a new project is made of. */
export interface Choice {
  readonly idp: IdentityProviderSpec["kind"];
  readonly platforms: readonly PlatformSpec["kind"][];
  readonly stack: string;
  /** Name of the project, for Pulumi and for npm. */
  readonly name: string;
  readonly pipeline: Pipeline;
  /** What package.json names for this package: a version, or the path of an archive. */
  readonly gatehouse: string;
  /** The day in UTC, `YYYY-MM-DD`: what is written is judged by it. */
  readonly today: string;
}

export const stackSchemaLine = "# yaml-language-server: $schema=node_modules/gatehouse/schemas/environment.schema.json";

/** What Pulumi writes in the place of its own words when it makes a project of a template (`pulumi new`). */
const template = { name: "${PROJECT}", description: "${DESCRIPTION}" };

/** The files of `templates/gatehouse`, of which `pulumi new` makes what `gatehouse init` does for Kasten K10 behind Okta. */
export function templateFiles(gatehouse: string): Record<string, string> {
  const files = projectFiles({
    idp: "okta",
    platforms: ["kasten"],
    stack: "production",
    pipeline: "none",
    gatehouse,
    name: template.name,
    today: "2026-11-29",
  });
  const offer = "Kubernetes platforms behind an identity provider, with Gatehouse: Kasten K10 behind Okta to begin with";
  return {
    ...files,
    "Pulumi.yaml": `name: ${template.name}\ndescription: ${template.description}\nruntime:\n  name: nodejs\n  options: { typescript: true }\ntemplate:\n  description: "${offer}"\n`,
  };
}

/** The files of a project of one's own, by their path in it. Pure: equal choices give equal files. */
export function projectFiles(choice: Choice): Record<string, string> {
  return {
    "package.json": manifest(choice),
    "Pulumi.yaml": `name: ${choice.name}\ndescription: Kubernetes platforms behind an identity provider\nruntime:\n  name: nodejs\n  options: { typescript: true }\n`,
    "index.ts": 'import { program } from "gatehouse/program";\n\nexport = program;\n',
    "tsconfig.json": `${JSON.stringify({ compilerOptions: { strict: true, target: "es2022", module: "nodenext", moduleResolution: "nodenext", skipLibCheck: true, noEmit: true }, include: ["*.ts"] }, null, 2)}\n`,
    [`Pulumi.${choice.stack}.yaml`]: stackFile(choice),
    "policy-config.json": "{}\n",
    ".gitignore": "node_modules/\n",
    ...pipelines[choice.pipeline](choice.stack),
  };
}

/** Command lines that each project needs, under names that a pipeline can call. */
function manifest({ name, gatehouse, stack }: Choice): string {
  const pack = "node_modules/gatehouse/dist/policies";
  return `${JSON.stringify(
    {
      name,
      private: true,
      main: "index.ts",
      scripts: {
        validate: `gatehouse validate Pulumi.${stack}.yaml`,
        preview: `gatehouse preview --stack ${stack} --policy-pack ${pack} --policy-pack-config policy-config.json`,
        up: `pulumi up --stack ${stack} --policy-pack ${pack} --policy-pack-config policy-config.json`,
      },
      dependencies: { gatehouse },
      devDependencies: { typescript: "^5.9.0" },
    },
    null,
    2,
  )}\n`;
}

type Kinds = Pick<Choice, "idp" | "platforms">;

/** What keeps these kinds from working together, whatever a stack file says; nothing where they do. */
export function choiceProblems(choice: Kinds, today: string): readonly Problem[] {
  return judged(choice, today).problems;
}

/** The first of the samples under which the platforms work with the identity provider, or the first of all. */
function judged(
  choice: Kinds,
  today: string,
): { readonly description: Readonly<Record<string, unknown>>; readonly problems: readonly Problem[] } {
  const definition: { readonly furtherSamples?: readonly Readonly<Record<string, unknown>>[] } = identityProviders[choice.idp];
  const tried = [{}, ...(definition.furtherSamples ?? [])].map((further) => {
    const description = describe(choice, further);
    return { description, problems: judgeEnvironment(description, today).problems };
  });
  const [first] = tried;
  if (first === undefined) {
    throw new Error("Samples of a stack file: expected one or more, got none.");
  }
  return tried.find(({ problems }) => problems.length === 0) ?? first;
}

function describe({ idp, platforms: kinds }: Kinds, further: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    idp: { kind: idp, ...identityProviders[idp].sample, ...further },
    groups: { admins: { displayName: "Platform Admins", members: ["ana@example.com"] } },
    platforms: Object.fromEntries(kinds.map((kind) => [kind, { kind, ...platforms[kind].sample, access: [grant(kind)] }])),
  };
}

function stackFile(choice: Choice): string {
  const { description } = judged(choice, choice.today);
  const config = Object.fromEntries(Object.entries(description).map(([key, value]) => [`gatehouse:${key}`, value]));
  return `${stackSchemaLine}\n# Replace what is an example (example.com, zeros), then: npm run validate\n${stringify({ config }, { lineWidth: 0 })}`;
}

/** The strongest role that need not be acknowledged, since somebody must administer; where it is given by place, in one of them. */
function grant(kind: PlatformSpec["kind"]): Record<string, unknown> {
  const roles: [string, { readonly scope: string }][] = Object.entries(platforms[kind].roles);
  // A first file acknowledges nothing: cluster-admin, by any name, needs an insecure… key.
  const [role = "", row] = roles.find(([name]) => name !== "cluster-admin") ?? [];
  const place = row?.scope === "namespaced" ? { namespaces: ["default"] } : row?.scope === "workspace" ? { workspaces: ["main"] } : {};
  return { group: "admins", role, ...place };
}
