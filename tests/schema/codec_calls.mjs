// Calls of the page's codec for tests: a JSON list of [name, arguments] comes in, the list of what they return goes out.
// Argument 1 is the folder of the page's common scripts.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.argv[2]}/${name}`));
const codec = await load("codec.js");
const { Face } = await load("face.js");

const calls = {
  ...codec,
  editKinds: () => Object.keys(codec.EDIT_KINDS),
  methods: () => codec.METHODS,
  /** What the sliders' face asks for once it has taken over a face. */
  throughSliders: (face, nz) => new Face(nz, nz).load(face).request,
};
const answers = JSON.parse(readFileSync(0, "utf8")).map(([name, ...args]) => calls[name](...args));
process.stdout.write(JSON.stringify(answers));
