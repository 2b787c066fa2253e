/*
 * Loan decisions. They are made up: incomes, scores and years are drawn at random, and a hidden rule with a bad day
 * now and then decides. No real person and no real bank is in these data, and nothing can be learned from them about
 * who should get a loan; they are here to learn how a neuron finds a rule that nobody told it.
 */
import { describe, requireNumber, requireWhole, ShapeError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything, flag } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, requireDataOptions } from "./dataset";

export interface LoanOptions {
  /** How many applicants; 500 when left out. */
  readonly applicants?: number;
  /** How far the officer's mood may move a decision, as a standard deviation of the hidden score; 0.5 when left out. */
  readonly noise?: number;
  /** Adds existing debt as a fourth feature, and to the rule. */
  readonly debt?: boolean;
  readonly random: Random;
}

/**
 * Applicants and what was decided: income (€ a year, to the hundred), credit score (300 to 850), whole years employed,
 * and with `debt` the existing debt (€). Approved where `loanScore` plus normal noise is above 0.
 * @returns inputs (3 × applicants, or 4), targets (1 × applicants), 1 for approved
 */
export function loans(options: LoanOptions): Dataset {
  requireDataOptions("loans", options, { applicants: anything, noise: anything, debt: flag });
  const { random, debt = false } = options;
  const applicants = requireWhole("loans", "applicants", options.applicants ?? 500);
  const noise = requireNumber("loans", "noise", options.noise ?? 0.5, { from: 0 });
  const inputs = new Matrix(debt ? 4 : 3, applicants);
  const targets = new Matrix(1, applicants);
  for (let j = 0; j < applicants; j++) {
    const income = between(15_000, Math.round(500 * Math.exp(0.45 * random.randn())) * 100, 200_000);
    const creditScore = between(300, Math.round(655 + 75 * random.randn()), 850);
    const years = Math.floor(21 * random.rand() ** 2);
    const applicant = [income, creditScore, years];
    if (debt) applicant.push(Math.round((income * 0.6 * random.rand()) / 100) * 100);
    applicant.forEach((value, i) => {
      inputs.set(i, j, value);
    });
    targets.data[j] = loanScore(applicant) + noise * random.randn() > 0 ? 1 : 0;
  }
  const features = ["income (€ a year)", "credit score", "years employed", "debt (€)"];
  return { inputs, targets, features: features.slice(0, inputs.rows), classes: ["rejected", "approved"] };
}

/**
 * The hidden rule behind `loans`, without the noise: approve above 0. A weighted sum, so one neuron can find it.
 * @param applicant income, credit score, years employed, and debt if it is to count
 */
export function loanScore(applicant: readonly number[]): number {
  if (!Array.isArray(applicant) || (applicant.length !== 3 && applicant.length !== 4)) {
    throw new ShapeError(
      `loanScore: expected income, credit score, years employed and perhaps debt, got ${describe(applicant)}.`,
    );
  }
  applicant.forEach((value, i) => {
    requireNumber("loanScore", `number ${i}`, value, { from: -1e12, to: 1e12 });
  });
  const [income, creditScore, years, debt = 12_000] = applicant;
  for (const value of [income, creditScore, years, debt]) {
    requireNumber("loanScore", "each number", value, { from: -1e100, to: 1e100 });
  }
  return (
    (1.2 * (income - 52_000)) / 20_000 +
    (1.6 * (creditScore - 650)) / 80 +
    (0.7 * (years - 4)) / 4 -
    (0.9 * (debt - 12_000)) / 10_000
  );
}

function between(low: number, value: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
