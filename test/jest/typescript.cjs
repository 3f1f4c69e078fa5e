// As environment.cjs says.
module.exports = moduleOfWorker("typescript");
