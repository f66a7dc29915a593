/** Process groups, collectives and data-parallel training over several processes. */
module dev.cotangent.distributed {
    requires static org.jspecify;
    requires transitive dev.cotangent.core;
    requires transitive dev.cotangent.data;
    requires transitive dev.cotangent.nn;
    requires org.slf4j;

    exports dev.cotangent.distributed;
}
