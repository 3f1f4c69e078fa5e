// As environment.cjs says.
module.exports = moduleOfWorker("@npmcli/arborist");
