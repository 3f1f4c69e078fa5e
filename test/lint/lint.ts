import { execFile } from "node:child_process";
import path from "node:path";

/** A text to be judged as if it stood in a file of the project; the file need not exist. */
export interface Sample {
  readonly file: string;
  readonly text: string;
  /** Apply the rules that need types as well; only for output-sample.ts. */
  readonly typed?: boolean;
}

/** What the project's rules say of each sample: `[rule, message]`. */
export async function lint(samples: readonly Sample[]): Promise<[rule: string, message: string][][]> {
  const root = path.join(__dirname, "../..");
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(process.execPath, [path.join(__dirname, "./lint.program.mjs")], { cwd: root }, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else {
        reject(new Error(`The rules could not be run: ${stderr}`, { cause: error }));
      }
    });
    child.stdin?.end(JSON.stringify(samples));
  });
  return JSON.parse(output) as [string, string][][];
}
