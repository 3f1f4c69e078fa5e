import { freePorts } from "../../../machine/processes";

test("a port that was answered does not come up again while its server starts", async () => {
  const answered: number[] = [];
  for (const count of [1, 3, 1, 1, 5, 60, 1]) {
    answered.push(...(await freePorts(count)));
  }
  expect(new Set(answered).size).toBe(answered.length);
});
