import { measureVerifier, sample, verifierLines } from "./verifier";

/** `npm run bench:verifier`: the verifier's figures alone, without a lab. */
void measureVerifier(sample(), 3).then((times) => {
  process.stdout.write(`${verifierLines(times).join("\n")}\n`);
});
