/** Other engines on the JVM, for {@code bench --peer}; built with the Maven profile {@code peers} alone. */
@NullMarked
package dev.cotangent.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
