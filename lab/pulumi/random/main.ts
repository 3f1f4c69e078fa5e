// Entry point of the executable pulumi-resource-random.
import { serveProvider } from "../provider/grpc";
import { tableProvider } from "../provider/table";
import { random } from "./table";

serveProvider("random", tableProvider(random));
