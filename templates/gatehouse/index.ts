import { program } from "gatehouse/program";

export = program;
