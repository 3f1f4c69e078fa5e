/** Whether `text` matches a pattern in which `*` stands for any characters and everything else for itself. */
export function matchesGlob(glob: string, text: string): boolean {
  const expression = glob
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`, "s").test(text);
}
