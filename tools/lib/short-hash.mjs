// A few letters that stand for a text, for the names of folders.
import { createHash } from "node:crypto";

/** @param {string} text */
export const shortHash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 8);
