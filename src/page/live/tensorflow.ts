/** TensorFlow.js and the reference, as one part of a page, unpacked when a cell first imports either. */
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import * as reference from "../../reference";
import { tf } from "./backend";

(globalThis as Record<string, unknown>).__glassboxTensorFlow = { reference, tf };
