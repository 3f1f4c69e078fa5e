/** `gatehouse completion`: what a shell needs to complete commands and flags, made from the same data as the help. */
import { choice, defineCommand, type Command } from "../command";
import { commonOptions } from "../options";

const shells = ["bash", "zsh", "fish"] as const;

/** @param all the commands, given as a function since this one is among them */
export function completionCommand(all: () => Promise<readonly Command[]>): Command {
  return defineCommand({
    name: "completion",
    summary: 'Print a script that lets a shell complete commands and flags: eval "$(gatehouse completion --shell bash)".',
    arguments: {},
    options: { shell: choice("--shell <shell>", "the shell", shells, "bash") },
    printsJson: false,
    run: async ({ shell }, io) => {
      io.stdout(scripts[shell](await all()));
      return "ok";
    },
  });
}

/** Flags of a command as they are written: `--cwd`. */
function flagsOf(command: Command): string[] {
  const common = command.printsJson === false ? { cwd: commonOptions.cwd } : commonOptions;
  return Object.values({ ...common, ...command.options }).map(({ flags }) => /--[\w-]+/.exec(flags)?.[0] ?? flags);
}

/** `bash` takes words by the command before them; `zsh` reads the same script. */
function bash(commands: readonly Command[]): string {
  const firsts = [...new Set(commands.map(({ name }) => name.split(" ")[0] ?? name))];
  const cases = commands.map((command) => `    "${command.name}"*) words="${flagsOf(command).join(" ")}" ;;`);
  const groups = firsts
    .filter((first) => commands.some(({ name }) => name.startsWith(`${first} `)))
    .map(
      (first) =>
        `    "${first}") words="${commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [])).join(" ")}" ;;`,
    );
  return `_gatehouse() {
  local words line="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$line" in
    "") words="${firsts.join(" ")} --help --version" ;;
${[...groups, ...cases].join("\n")}
    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ "\${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _gatehouse gatehouse
`;
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const [first = "", second] = command.name.split(" ");
    const here = second === undefined ? `__fish_seen_subcommand_from ${first}` : `__fish_seen_subcommand_from ${second}`;
    return [
      ...(second === undefined ? [] : [`complete -c gatehouse -n '__fish_seen_subcommand_from ${first}' -a '${second}'`]),
      `complete -c gatehouse -n __fish_use_subcommand -a '${first}'`,
      ...flagsOf(command).map((flag) => `complete -c gatehouse -n '${here}' -l '${flag.slice(2)}'`),
    ];
  });
  return `${[...new Set(lines)].join("\n")}\n`;
}

const scripts: Readonly<Record<(typeof shells)[number], (commands: readonly Command[]) => string>> = {
  bash,
  zsh: (commands) => `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`,
  fish,
};
