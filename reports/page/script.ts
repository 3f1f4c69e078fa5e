/**
 * Filter and order of the tables, for who has scripts on; without, the page reads the same. It loads nothing and keeps nothing. The
 * page's content security policy names its hash, so that no other script can run.
 */
export const script = `
for (const area of document.querySelectorAll("section .scroll")) {
  const rows = [...area.querySelectorAll("tbody tr")];
  if (rows.length < 4) continue;
  const label = document.createElement("label");
  label.className = "filter";
  label.append("Show only rows with ");
  const input = document.createElement("input");
  input.type = "search";
  label.append(input);
  area.before(label);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  });
  area.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of area.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = (row) => row.children[column].textContent;
      rows.sort((a, b) => text(a).localeCompare(text(b), "en", { numeric: true }) * (down ? -1 : 1));
      area.querySelector("tbody").append(...rows);
    });
  });
}
`;
