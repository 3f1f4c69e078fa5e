import { syncBuiltinESMExports } from "node:module";

/**
 * While the tests of this file run, a function of a module of Node.js is another, also for code that has imported it by its name. The
 * module is given as its default export, which is the object that `require` gives.
 */
export function inPlaceOf<M extends object, K extends keyof M>(module: M, name: K, instead: (actual: M[K]) => M[K]): void {
  const actual = module[name];
  const set = (value: M[K]): void => {
    module[name] = value;
    syncBuiltinESMExports();
  };
  beforeAll(() => set(instead(actual)));
  afterAll(() => set(actual));
}
