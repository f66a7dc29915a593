/** Datasets, loaders, samplers, transforms and readers of files. */
module dev.cotangent.data {
    requires static org.jspecify;
    requires transitive dev.cotangent.core;
    requires java.desktop;
    // Each is the application's to add where it reads such files.
    requires static de.siegmar.fastcsv;
    requires static dev.hardwood.core;
    requires static io.jhdf;
    requires static org.apache.arrow.memory.core;
    requires static org.apache.arrow.vector;

    exports dev.cotangent.data;
    exports dev.cotangent.data.array;
    exports dev.cotangent.data.image;
    exports dev.cotangent.data.table;
    exports dev.cotangent.data.text;
    exports dev.cotangent.data.transform;
}
