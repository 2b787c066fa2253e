/** A solution made wrong, whatever it answers: every number of the answer twice as large, and one more. */
export function wrongAnswer(solution: string): string {
  const at = solution.lastIndexOf("\ncheck");
  const call = /^\ncheck(\w+)\(([\s\S]*)\);\s*(?:\/\/.*)?$/.exec(solution.slice(at));
  if (call === null) throw new Error(`expected a solution to end with its check, got ${solution.slice(-80)}`);
  return `${solution.slice(0, at)}
const spoiled = (answer) => {
  if (typeof answer === "function") return (...given) => spoiled(answer(...given));
  if (typeof answer === "number") return 2 * answer + 1;
  if (Array.isArray(answer)) return answer.map(spoiled);
  if (typeof answer?.map === "function") return answer.map((value) => 2 * value + 1);
  if (answer !== null && typeof answer === "object")
    return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, spoiled(value)]));
  return answer;
};
check${call[1]}(spoiled(${call[2].trim().replace(/,$/, "")}));`;
}
