package dev.cotangent.distributed;

import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;

/**
 * How a process joins a group: its rank, the number of ranks, where rank 0 listens, the token and the timeout; the
 * arguments of PyTorch's {@code init_process_group}. Immutable; each method returns changed options.
 */
public final class ProcessGroupOptions {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int HIGHEST_PORT = 65535;
    private static final int PORT = 29500;

    private final int rank;
    private final int worldSize;
    private final String masterAddress;
    private final int masterPort;
    private final String token;
    private final Duration timeout;

    private ProcessGroupOptions(
            int rank, int worldSize, String masterAddress, int masterPort, String token, Duration timeout) {
        this.rank = rank;
        this.worldSize = worldSize;
        this.masterAddress = masterAddress;
        this.masterPort = masterPort;
        this.token = token;
        this.timeout = timeout;
    }

    /**
     * Returns options of a rank: the master is this machine, at port 29500, the token empty and the timeout ten minutes.
     *
     * @param rank from 0, below {@code worldSize}
     */
    public static ProcessGroupOptions of(int rank, int worldSize) {
        if (worldSize < 1 || rank < 0 || rank >= worldSize) {
            throw new ValueException(
                    "a rank is from 0 and below the world size, got rank " + rank + " of a world of " + worldSize);
        }
        return new ProcessGroupOptions(rank, worldSize, "127.0.0.1", PORT, "", TIMEOUT);
    }

    /**
     * Returns the options that the environment variables say, as {@code cotangent run -n} and {@code torchrun} set them:
     * {@code RANK}, {@code WORLD_SIZE}, {@code MASTER_ADDR}, {@code MASTER_PORT}, and {@code COTANGENT_TOKEN}.
     */
    public static ProcessGroupOptions fromEnvironment() {
        return from(System.getenv());
    }

    static ProcessGroupOptions from(Map<String, String> environment) {
        ProcessGroupOptions options = of(number(environment, "RANK"), number(environment, "WORLD_SIZE"));
        String address = environment.get("MASTER_ADDR");
        if (address != null) options = options.masterAddress(address);
        if (environment.containsKey("MASTER_PORT")) options = options.masterPort(number(environment, "MASTER_PORT"));
        return options.token(environment.getOrDefault("COTANGENT_TOKEN", ""));
    }

    static int number(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new ValueException(
                    "Error initializing torch.distributed using env:// rendezvous: environment variable "
                            + name
                            + " expected, but not set. Start the program by \"cotangent run -n 2 Main.java\", or give"
                            + " ProcessGroupOptions.of(rank, worldSize)");
        }
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException _) {
            throw new ValueException(
                    "environment variable " + name + " has to be a whole number, got \"" + value + '"');
        }
    }

    /** Returns options with another address of rank 0; {@code MASTER_ADDR}. */
    public ProcessGroupOptions masterAddress(String value) {
        Arguments.notNull("init_process_group", "masterAddress", value);
        return new ProcessGroupOptions(rank, worldSize, value, masterPort, token, timeout);
    }

    /** Returns options with another port of rank 0, from 1 to 65535; {@code MASTER_PORT}. */
    public ProcessGroupOptions masterPort(int value) {
        if (value < 1 || value > HIGHEST_PORT) throw new ValueException("a port is from 1 to 65535, got " + value);
        return new ProcessGroupOptions(rank, worldSize, masterAddress, value, token, timeout);
    }

    /**
     * Returns options with a token: a secret that all ranks know, without which nobody joins. It has to be set if the
     * master is on another machine.
     */
    public ProcessGroupOptions token(String value) {
        Arguments.notNull("init_process_group", "token", value);
        return new ProcessGroupOptions(rank, worldSize, masterAddress, masterPort, value, timeout);
    }

    /** Returns options with another time after which a rank that waits for another one gives up. */
    public ProcessGroupOptions timeout(Duration value) {
        Arguments.notNull("init_process_group", "timeout", value);
        if (value.isZero() || value.isNegative()) throw new ValueException("a timeout is positive, got " + value);
        return new ProcessGroupOptions(rank, worldSize, masterAddress, masterPort, token, value);
    }

    /** Returns the rank of this process. */
    public int rank() {
        return rank;
    }

    /** Returns the number of ranks. */
    public int worldSize() {
        return worldSize;
    }

    String masterAddress() {
        return masterAddress;
    }

    int masterPort() {
        return masterPort;
    }

    String token() {
        return token;
    }

    Duration timeout() {
        return timeout;
    }

    /** Returns the address of rank 0; throws if it is unknown, or on another machine without a token. */
    InetAddress checkedAddress() {
        InetAddress address = resolved();
        if (token.isEmpty() && !address.isLoopbackAddress()) {
            throw new ValueException("a process group over a network needs a token, a secret that all ranks are given:"
                    + " ProcessGroupOptions.token or COTANGENT_TOKEN. The master is " + masterAddress);
        }
        return address;
    }

    private InetAddress resolved() {
        try {
            return InetAddress.getByName(masterAddress);
        } catch (UnknownHostException e) {
            throw new DistributedException("the address of rank 0 is unknown: " + masterAddress, e);
        }
    }

    /** Returns the options but the token. */
    @Override
    public String toString() {
        return "rank " + rank + " of " + worldSize + ", master " + masterAddress + ":" + masterPort + ", timeout "
                + timeout;
    }
}
