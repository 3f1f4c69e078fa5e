/** The pipelines that a new project can begin with. docs/pipelines.md says what to set up around them. */
export const pipelineNames = ["none", "github-actions", "gitlab"] as const;
export type Pipeline = (typeof pipelineNames)[number];

/** The files of each, for a stack. Actions are pinned by the commits of their releases. */
export const pipelines: Readonly<Record<Pipeline, (stack: string) => Readonly<Record<string, string>>>> = {
  none: () => ({}),
  "github-actions": (stack) => ({
    ".github/workflows/gatehouse.yaml": `# Before it runs: give the environments preview and production what signs the engine in (PULUMI_ACCESS_TOKEN or OIDC), and the providers.
name: gatehouse
on:
  pull_request:
  push: { branches: [main] }
permissions: { contents: read }
jobs:
  preview:
    if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    environment: preview
    env: { PULUMI_ACCESS_TOKEN: "\${{ secrets.PULUMI_ACCESS_TOKEN }}" }
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - uses: actions/setup-node@2028fbc5c25fe9cf00d9f06a71cc4710d4507903 # v6.0.0
        with: { node-version: 22 }
      - uses: pulumi/actions@8582a9e8cc630786854029b4e09281acd6794b58 # v6.6.1
      - run: npm ci --ignore-scripts
      - run: npm run -s validate
      - run: npm run -s preview -- --format markdown --fail-on widen-admin,insecure,destroy >> "$GITHUB_STEP_SUMMARY"
  update:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    environment: production
    concurrency: gatehouse
    env: { PULUMI_ACCESS_TOKEN: "\${{ secrets.PULUMI_ACCESS_TOKEN }}" }
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - uses: actions/setup-node@2028fbc5c25fe9cf00d9f06a71cc4710d4507903 # v6.0.0
        with: { node-version: 22 }
      - uses: pulumi/actions@8582a9e8cc630786854029b4e09281acd6794b58 # v6.6.1
      - run: npm ci --ignore-scripts
      - run: npx gatehouse drift --stack ${stack}
      - run: npm run -s up -- --yes --non-interactive
`,
  }),
  gitlab: (stack) => ({
    ".gitlab-ci.yml": `# Before it runs: give the environments preview and production what signs the engine in (PULUMI_ACCESS_TOKEN or OIDC), and the providers.
stages: [preview, update]
default:
  # Pin it by digest: image: pulumi/pulumi-nodejs:3.230.0@sha256:<what your registry shows>.
  image: pulumi/pulumi-nodejs:3.230.0
preview:
  stage: preview
  rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID' }]
  environment: { name: preview, action: prepare }
  script:
    - npm ci --ignore-scripts
    - npm run -s validate
    - npm run -s preview -- --format markdown --fail-on widen-admin,insecure,destroy > access.md
  artifacts: { when: always, paths: [access.md], expire_in: 30 days }
update:
  stage: update
  rules: [{ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" }]
  environment: { name: production }
  resource_group: gatehouse
  script:
    - npm ci --ignore-scripts
    - npx gatehouse drift --stack ${stack}
    - npm run -s up -- --yes --non-interactive
`,
  }),
};
