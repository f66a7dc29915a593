/** A variational autoencoder of digits. */
@NullMarked
package dev.cotangent.examples.vae;

import org.jspecify.annotations.NullMarked;
