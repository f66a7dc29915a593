/** Modules, optimizers and learning-rate schedulers. */
module dev.cotangent.nn {
    requires static org.jspecify;
    requires transitive dev.cotangent.core;

    exports dev.cotangent.nn;
    exports dev.cotangent.optim;
}
