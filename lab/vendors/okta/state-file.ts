import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** A JSON file that only its owner may read (it holds client secrets), replaced as a whole so that a crash leaves the old one. */
export class StateFile<T> {
  private timer: NodeJS.Timeout | undefined;
  private pending: (() => T) | undefined;

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  }

  read(): T | undefined {
    return existsSync(this.path) ? (JSON.parse(readFileSync(this.path, "utf8")) as T) : undefined;
  }

  /** Writes soon; many calls in a row become one write. */
  schedule(content: () => T): void {
    this.pending = content;
    this.timer ??= setTimeout(() => {
      this.flush();
    }, 100);
    this.timer.unref();
  }

  flush(): void {
    if (this.timer !== undefined) {
      clearTimeout(this.timer);
    }
    this.timer = undefined;
    const content = this.pending;
    this.pending = undefined;
    if (content === undefined) {
      return;
    }
    const temporary = `${this.path}.new`;
    writeFileSync(temporary, `${JSON.stringify(content(), null, 1)}\n`, { mode: 0o600 });
    chmodSync(temporary, 0o600);
    renameSync(temporary, this.path);
  }
}
