// Loaded into the kernel before tslab starts (node --require). Each file is one cure; none touches tslab's files.
require("./messages.cjs");
require("./node-gaps.cjs");
require("./modules.cjs");
require("./compiler.cjs");
require("./positions.cjs");
require("./cells.cjs");
require("./interrupts.cjs");
require("./orphans.cjs");
