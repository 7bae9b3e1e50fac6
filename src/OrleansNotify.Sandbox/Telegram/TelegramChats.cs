using System.Collections.Concurrent;

namespace OrleansNotify.Sandbox.Telegram;

/// <summary>What a chat is to the bot.</summary>
public enum ChatState
{
    /// <summary>It takes messages.</summary>
    Open,

    /// <summary>There is no such chat.</summary>
    NotFound,

    /// <summary>The person blocked the bot.</summary>
    Blocked,

    /// <summary>The person deleted the account.</summary>
    Deactivated,

    /// <summary>The group threw the bot out.</summary>
    Kicked,
}

/// <summary>The chats of the sandbox. Every id is an open chat until it is marked.</summary>
public sealed class TelegramChats
{
    private readonly ConcurrentDictionary<string, (ChatState State, long? MovedTo)> _marked = new(StringComparer.Ordinal);

    /// <summary>Marks a chat.</summary>
    public void Mark(string chatId, ChatState state) => _marked[chatId] = (state, null);

    /// <summary>Marks a group as one that became a supergroup with another id.</summary>
    public void Move(string chatId, long newChatId) => _marked[chatId] = (ChatState.NotFound, newChatId);

    /// <summary>Why a chat takes no messages; null if it does.</summary>
    internal BotError? ErrorOf(string chatId) => _marked.GetValueOrDefault(chatId) switch
    {
        { MovedTo: { } moved } => new BotError(400, "Bad Request: group chat was upgraded to a supergroup chat") { MigrateToChatId = moved },
        { State: ChatState.NotFound } => BotError.ChatNotFound,
        { State: ChatState.Blocked } => BotError.Blocked,
        { State: ChatState.Deactivated } => new BotError(403, "Forbidden: user is deactivated"),
        { State: ChatState.Kicked } => new BotError(403, "Forbidden: bot was kicked from the group chat"),
        _ => null,
    };
}
