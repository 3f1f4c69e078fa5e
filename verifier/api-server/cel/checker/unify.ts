import { dyn, isDyn, isDynOrError, typeOf, type Type } from "./types";

/** Types whose values may be null, beside null itself. */
function isNullable({ kind, name }: Type): boolean {
  return kind === "opaque" || kind === "any" || kind === "null" || ["duration", "timestamp"].includes(name);
}

/** What the type variables of an expression stand for (cel-go v0.26.0, checker/types.go and mapping.go). */
export class Substitutions {
  private readonly known = new Map<string, Type>();
  /** What was there before, to go back where types do not fit. */
  private readonly changes: (readonly [name: string, before: Type | undefined])[] = [];

  /** Whether each type may stand where the other list has its own; what variables come to stand for is kept only then. */
  assignable(from: readonly Type[], to: readonly Type[]): boolean {
    const mark = this.changes.length;
    const fits = this.allFit(from, to);
    if (!fits) {
      this.back(mark);
    }
    return fits;
  }

  /** The same, and nothing is kept. */
  wouldFit(from: readonly Type[], to: readonly Type[]): boolean {
    const mark = this.changes.length;
    const fits = this.allFit(from, to);
    this.back(mark);
    return fits;
  }

  /** Every variable replaced by what it stands for; with `closed` one that stands for nothing is anything. */
  apply(type: Type, closed = false): Type {
    const found = this.known.get(type.text);
    if (found !== undefined) {
      return this.apply(found, closed);
    }
    if (type.kind === "param") {
      return closed ? dyn : type;
    }
    return type.parameters.length === 0 ? type : typeOf(type.name, ...type.parameters.map((each) => this.apply(each, closed)));
  }

  private back(mark: number): void {
    while (this.changes.length > mark) {
      const [name, before] = this.changes.pop() ?? [""];
      if (before === undefined) {
        this.known.delete(name);
      } else {
        this.known.set(name, before);
      }
    }
  }

  private allFit(from: readonly Type[], to: readonly Type[]): boolean {
    return from.length === to.length && from.every((type, index) => this.fits(type, to[index] ?? dyn));
  }

  private fits(from: Type, to: Type): boolean {
    if (to.kind === "param") {
      const { valid, known } = this.substitutes(from, to);
      if (valid || known) {
        return valid;
      }
    }
    if (from.kind === "param") {
      return this.substitutes(to, from).valid;
    }
    if (isDynOrError(from) || isDynOrError(to)) {
      return true;
    }
    if (from.kind === "null" || to.kind === "null") {
      return isNullable(from.kind === "null" ? to : from);
    }
    if (from.kind === "type") {
      return to.kind === "type";
    }
    return from.kind === to.kind && from.name === to.name && this.allFit(from.parameters, to.parameters);
  }

  /** Whether a variable may stand for a type, and whether it stood for something before. */
  private substitutes(type: Type, variable: Type): { valid: boolean; known: boolean } {
    if (type.text === variable.text) {
      return { valid: true, known: true };
    }
    const found = this.known.get(variable.text);
    if (found === undefined) {
      const valid = !this.occurs(variable, type);
      if (valid) {
        this.set(variable.text, type);
      }
      return { valid, known: false };
    }
    if (type.text === found.text) {
      return { valid: true, known: true };
    }
    const valid = this.fits(type, found);
    const general = mostGeneral(type, found);
    if (valid && !this.occurs(variable, general)) {
      this.set(variable.text, general);
    }
    return { valid, known: true };
  }

  private set(name: string, type: Type): void {
    this.changes.push([name, this.known.get(name)]);
    this.known.set(name, type);
  }

  private occurs(variable: Type, within: Type): boolean {
    if (variable.text === within.text) {
      return true;
    }
    const found = within.kind === "param" ? this.known.get(within.text) : undefined;
    return found === undefined ? within.parameters.some((each) => this.occurs(variable, each)) : this.occurs(variable, found);
  }
}

/** The one of two types that fit which says less. */
export function mostGeneral(left: Type, right: Type): Type {
  return saysLess(left, right) ? left : right;
}

function saysLess(left: Type, right: Type): boolean {
  if (isDyn(left) || left.kind === "param") {
    return true;
  }
  if (isDyn(right) || right.kind === "param" || left.kind !== right.kind) {
    return false;
  }
  return (
    left.kind === "type" ||
    (left.name === right.name &&
      left.parameters.length === right.parameters.length &&
      left.parameters.every((each, index) => saysLess(each, right.parameters[index] ?? dyn)))
  );
}
