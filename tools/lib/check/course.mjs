// What the course promises of every notebook's code and time, and how far each keeps it.
import { readNotebook } from "../cells.mjs";
import { allNotebooks } from "../notebooks.mjs";
import { countIdeas, median } from "./idea.mjs";
import { readingMinutes, statedMinutes } from "./reading.mjs";

const promise = { share: 0.75, longest: 25, median: 8 };

/** @returns {{ problems: string[], report: string[] }} */
export function checkCourse() {
  const problems = [];
  // The report is numbers: what they count, and what they are held to, stands above them.
  const report = [
    `idea: open lines that compute, not import, draw or print (${percent(promise.share)} at least); open cells: the median and the longest (${promise.median} and ${promise.longest} lines at most); minutes to read, and what the notebook says`,
  ];
  for (const name of allNotebooks()) {
    const { line, broken } = measure(readNotebook(name));
    report.push(`${name.slice(0, 2)}  ${line}`);
    problems.push(...broken.map((problem) => `notebooks/${name}: ${problem}`));
  }
  return { problems, report };
}

/** @param {import("../cells.mjs").Notebook} notebook */
export function measure(notebook) {
  const count = countIdeas(notebook);
  const open = count.idea + count.plumbing;
  const share = open > 0 ? count.idea / open : 1;
  const middle = count.lengths.length > 0 ? median(count.lengths) : 0;
  const minutes = readingMinutes(notebook);
  const stated = statedMinutes(notebook);
  const broken = [];
  if (share < promise.share)
    broken.push(`${percent(share)} of the open lines are the idea; ${percent(promise.share)} are promised`);
  if (count.longest.lines > promise.longest)
    broken.push(
      `the open cell ${count.longest.id} has ${count.longest.lines} lines; at most ${promise.longest} are promised`,
    );
  if (middle > promise.median)
    broken.push(`the median open cell has ${middle} lines; at most ${promise.median} are promised`);
  // A promise in whole minutes, of a measure that is rough: two minutes, or a tenth, either way.
  if (stated === undefined || Math.abs(stated - minutes) > Math.max(2, 0.1 * minutes))
    broken.push(`reading takes ${minutes.toFixed(0)} minutes; the first cell says ${stated ?? "nothing"}`);
  const line = [
    `idea ${percent(share).padStart(5)} of ${String(open).padStart(3)} open lines`,
    `median cell ${String(middle).padStart(4)}`,
    `longest ${String(count.longest.lines).padStart(2)} (${count.longest.id})`,
    `${minutes.toFixed(0)} minutes, says ${stated ?? "nothing"}`,
  ].join(", ");
  return { line, broken };
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(0)} %`;
