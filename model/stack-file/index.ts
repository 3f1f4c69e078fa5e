/**
 * Stack files (`Pulumi.<stack>.yaml`) and the descriptions that they name, as texts: their values, what is wrong with them, and where
 * it stands. Never what the values mean: that is environment/. The files themselves are read by whoever has a disk.
 */
export { descriptionFiles, mergeDescriptions, readDescriptionFile, type DescriptionFile, type MergedDescription } from "./description";
export { readStackFile, type StackFile } from "./stack-file";
export { readYaml, type Position } from "./yaml";
