import { Ids, Matrix, Ragged } from "../index";
import { either, madeBy } from "../numbers/options";

/** What may go into a network, or be its targets. */
export const columnsCheck = either(
  "a Matrix, Ids or sequences of them",
  madeBy("a Matrix", Matrix),
  madeBy("Ids", Ids),
  madeBy("sequences", Ragged),
);
