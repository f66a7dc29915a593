package dev.cotangent.distributed;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The first bytes on a connection: both sides prove that they know the group's token, by HMAC-SHA256 over numbers that
 * each draws anew, without sending it.
 */
final class Handshake {
    private static final int MAGIC = 0x43544748;
    private static final int NONCE = 16;
    private static final int MAC = 32;
    private static final int ACCEPTED = 1;
    private static final int REFUSED = 2;
    private static final int LONGEST_TEXT = 1000;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A connection that is none of the group's. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * What the side that connects says of itself.
     *
     * @param port the port on which it accepts connections, or 0
     */
    record Hello(int rank, int size, int port) {}

    private Handshake() {}

    /** Introduces this side to the one connected to. */
    static void connect(DataInputStream in, DataOutputStream out, String token, Hello hello) throws IOException {
        byte[] own = nonce();
        out.writeInt(MAGIC);
        out.writeInt(hello.rank);
        out.writeInt(hello.size);
        out.writeInt(hello.port);
        out.write(own);
        out.flush();
        if (in.readInt() != MAGIC) throw new RefusedException("it does not speak the protocol of process groups");
        byte[] other = in.readNBytes(NONCE);
        byte[] proof = in.readNBytes(MAC);
        if (!MessageDigest.isEqual(proof, mac(token, "accept", own, other, hello))) {
            throw new RefusedException("it has another token");
        }
        out.write(mac(token, "connect", own, other, hello));
        out.flush();
        int answer = in.readUnsignedByte();
        if (answer == ACCEPTED) return;
        int length = in.readUnsignedShort();
        throw new RefusedException(new String(in.readNBytes(Math.min(length, LONGEST_TEXT)), StandardCharsets.UTF_8));
    }

    /** Decides whether a side that proved to know the token may join. */
    @FunctionalInterface
    interface Admission {
        /** Throws if it may not. */
        void check(Hello hello) throws RefusedException;
    }

    /** Checks the side that connected. */
    static Hello accept(DataInputStream in, DataOutputStream out, String token, Admission admission)
            throws IOException {
        if (in.readInt() != MAGIC) throw new RefusedException("it does not speak the protocol of process groups");
        Hello hello = new Hello(in.readInt(), in.readInt(), in.readInt());
        byte[] other = in.readNBytes(NONCE);
        byte[] own = nonce();
        out.writeInt(MAGIC);
        out.write(own);
        out.write(mac(token, "accept", other, own, hello));
        out.flush();
        if (!MessageDigest.isEqual(in.readNBytes(MAC), mac(token, "connect", other, own, hello))) {
            throw new RefusedException("it has another token");
        }
        try {
            admission.check(hello);
        } catch (RefusedException e) {
            byte[] text = e.getMessage().getBytes(StandardCharsets.UTF_8);
            out.writeByte(REFUSED);
            out.writeShort(text.length);
            out.write(text);
            out.flush();
            throw e;
        }
        out.writeByte(ACCEPTED);
        out.flush();
        return hello;
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    private static byte[] mac(String token, String side, byte[] connecting, byte[] accepting, Hello hello) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // An empty key is not allowed.
            mac.init(new SecretKeySpec(("cotangent:" + token).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((side + hello.rank + "/" + hello.size + ":" + hello.port).getBytes(StandardCharsets.UTF_8));
            mac.update(connecting);
            mac.update(accepting);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
