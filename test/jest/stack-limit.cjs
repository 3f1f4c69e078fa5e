// Jest writes a hundred frames of each stack and maps them to the sources, and @pulumi/pulumi takes a stack for each resource.
Error.stackTraceLimit = 15;
